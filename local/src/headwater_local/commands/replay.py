"""Failures put through again, by the writer's own code."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from headwater_local import names
from headwater_local.commands.lake_process import lines_of
from headwater_local.data_dir import DataDir
from headwater_local.errors import LakeError

MODULE = "headwater_writer.failures"


@dataclass(frozen=True)
class Progress:
    """How far a replay is, and what has become of what it has done.

    Attributes:
        done: Stream records, or objects of the on-failure destination.
        of: How many there are.
        replayed: Messages that became events.
        already: Messages that were there.
        set_aside: Messages that became failed records.
        failing: What could not be put through, by reason.
    """

    done: int
    of: int
    replayed: int
    already: int
    set_aside: int
    failing: Mapping[str, int]


def replay_failed_records(data_dir: DataDir, where: str | None, *, dry: bool) -> Iterator[Progress]:
    """Put the failed records through again for which a condition holds, or all.

    Raises:
        NotRunningError: Nothing runs on the data directory.
        LakeError: The condition makes no sense, or the process failed.
    """
    condition = ("--where", where) if where else ()
    arguments = (*condition, *(("--dry-run",) if dry else ()))
    return read(lines_of(data_dir, MODULE, arguments))


def replay_given_up(data_dir: DataDir) -> Iterator[Progress]:
    """Put the batches through that the mapping gave up on.

    Raises:
        NotRunningError: Nothing runs on the data directory.
        LakeError: The process failed.
    """
    return read(lines_of(data_dir, MODULE, ("--given-up", names.FAILED_BATCHES)))


def read(lines: Iterable[Mapping[str, Any]]) -> Iterator[Progress]:
    """Yield what the process says.

    Raises:
        LakeError: It says that the condition makes no sense.
    """
    for said in lines:
        if error := said.get("error"):
            raise LakeError(f"The condition cannot be used: {error}")
        yield Progress(**said)
