"""Failures replayed, by the writer's own code."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from headwater_local import names
from headwater_local.commands.lake_process import lines_of
from headwater_local.data_dir import DataDir
from headwater_writer.replay.filter import Filter

MODULE = "headwater_writer.replay"


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


def replay_failed_records(data_dir: DataDir, chosen: Filter, *, dry: bool) -> Iterator[Progress]:
    """Put the failed records through again that a filter chooses.

    Raises:
        NotRunningError: Nothing runs on the data directory.
        LakeError: The process failed.
    """
    # In one argument each: a value may begin with a hyphen.
    fields = (f"--{name}={value}" for name, value in chosen.given().items())
    arguments = (*fields, *(("--dry-run",) if dry else ()))
    return read(lines_of(data_dir, MODULE, arguments))


def replay_given_up(data_dir: DataDir) -> Iterator[Progress]:
    """Put the batches through that the mapping gave up on.

    Raises:
        NotRunningError: Nothing runs on the data directory.
        LakeError: The process failed.
    """
    return read(lines_of(data_dir, MODULE, ("--given-up", names.FAILED_BATCHES)))


def read(lines: Iterable[Mapping[str, Any]]) -> Iterator[Progress]:
    """Yield what the process says."""
    for said in lines:
        yield Progress(**said)
