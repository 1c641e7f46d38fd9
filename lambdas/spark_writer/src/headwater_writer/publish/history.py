"""A table's snapshots, their summaries and the table's properties."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


class Properties(Protocol):
    """Those of a table, or the summary of a snapshot: Python's mapping or Java's."""

    def get(self, name: str, /) -> str | None:
        """Return what is under a name."""

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of a table's data. ``sequence_number`` grows with every commit to the table."""

    id: int
    parent: int | None
    sequence_number: int
    summary: Properties


class History(Protocol):
    """The snapshots of a table that have not expired."""

    @property
    def newest(self) -> int | None:
        """The id of the snapshot that a query reads; None before the first."""

    @property
    def sequence_number(self) -> int:
        """The greatest sequence number that a snapshot of the table has had."""

    def snapshot(self, number: int, /) -> Snapshot | None:
        """Return a snapshot by its id, whether it led to the newest or not."""


def diverging(
    history: History, number: int | None, other: int | None
) -> tuple[list[Snapshot], list[Snapshot]] | None:
    """Return the snapshots that led to each of two, and not to the other.

    None if those that led to both have expired: then it is not known.
    """
    paths = [{each.id: each for each in ancestry(history, end)} for end in (number, other)]
    common = paths[0].keys() & paths[1].keys()
    if not common:
        return None
    own, others = ([path[each] for each in path if each not in common] for path in paths)
    return own, others


def since(history: History, state: int | None) -> Iterator[Snapshot]:
    """Yield the newest snapshot, its parent and so on, down to a state if they lead to it."""
    for snapshot in ancestry(history, history.newest):
        yield snapshot
        if snapshot.id == state:
            return


def ancestry(history: History, number: int | None) -> Iterator[Snapshot]:
    """Yield a snapshot, its parent and so on, as far as they have not expired."""
    while number is not None and (found := history.snapshot(number)) is not None:
        yield found
        number = found.parent
