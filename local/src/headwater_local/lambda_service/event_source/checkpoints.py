"""How far each shard has been processed, kept over restarts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from headwater_local.files import replace_file
from headwater_local.lambda_service.event_source.stream import (
    AfterSequence,
    AtTimestamp,
    Position,
    TrimHorizon,
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The position to resume a shard from; ``ended`` if it is closed and read to its end."""

    position: Position
    ended: bool = False


class Checkpoints(Protocol):
    """A store of checkpoints. A crash may lose the last save; it never mixes two."""

    def load(self) -> Mapping[str, Checkpoint]:
        """Return all checkpoints by shard id."""
        ...

    def save(self, shard_id: str, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint of one shard, for good when this returns."""
        ...


class CheckpointFile:
    """Checkpoints in one JSON file that is replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._checkpoints: dict[str, Checkpoint] = {}

    def load(self) -> Mapping[str, Checkpoint]:
        """Return all checkpoints by shard id; none if there is no file yet.

        Raises:
            ValueError: the file is not one that this class wrote.
        """
        if self._path.exists():
            self._checkpoints = self._read()
        return dict(self._checkpoints)

    def save(self, shard_id: str, checkpoint: Checkpoint) -> None:
        """Write the new state to disk before it takes the place of the old one."""
        self._checkpoints[shard_id] = checkpoint
        document = {shard_id: _encode(item) for shard_id, item in self._checkpoints.items()}
        replace_file(self._path, json.dumps(document, indent=1))

    def _read(self) -> dict[str, Checkpoint]:
        try:
            return _decode_all(json.loads(self._path.read_text()))
        except ValueError as error:
            raise ValueError(f"{self._path} does not hold checkpoints: {error}") from error


def _encode(checkpoint: Checkpoint) -> dict[str, object]:
    match checkpoint.position:
        case TrimHorizon():
            position: dict[str, object] = {"type": "TRIM_HORIZON"}
        case AtTimestamp(seconds):
            position = {"type": "AT_TIMESTAMP", "seconds": seconds}
        case AfterSequence(sequence_number):
            position = {"type": "AFTER_SEQUENCE_NUMBER", "sequence_number": sequence_number}
    return {"position": position, "ended": checkpoint.ended}


def _decode_all(document: object) -> dict[str, Checkpoint]:
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - of the content, not of a caller
    return {shard_id: _decode(item) for shard_id, item in document.items()}


def _decode(item: object) -> Checkpoint:
    match item:
        case {"position": {"type": "TRIM_HORIZON"}, "ended": bool(ended)}:
            return Checkpoint(TrimHorizon(), ended)
        case {"position": {"type": "AT_TIMESTAMP", "seconds": float(at)}, "ended": bool(ended)}:
            return Checkpoint(AtTimestamp(at), ended)
        case {
            "position": {"type": "AFTER_SEQUENCE_NUMBER", "sequence_number": str(after)},
            "ended": bool(ended),
        }:
            return Checkpoint(AfterSequence(after), ended)
    raise ValueError(f"not a checkpoint: {item!r}")
