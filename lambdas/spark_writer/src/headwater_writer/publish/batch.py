"""Consecutive records of a shard as rows, and the outcome of publishing them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from headwater_contract.ranges import Range
from headwater_writer.publish.lookup import Position
from headwater_writer.rows.rows import Row


def _nothing(_positions: Collection[Position]) -> Sequence[Row]:
    return ()


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of every table, by its name, that the records of one shard hold.

    In the shard's order, the records are all that there are from ``claim.first`` to ``claim.last``,
    so that none of that range is missing once they are settled. Records that come late may be any
    of it, one or all: for them ``claim`` is only the range to search.

    ``set_aside`` returns failed records for messages at some positions, which must not be events.
    """

    shard: str
    claim: Range
    rows: Mapping[str, Sequence[Row]]
    set_aside: Callable[[Collection[Position]], Sequence[Row]] = field(default=_nothing)


@dataclass(frozen=True, slots=True)
class Published:
    """The outcome for a batch's rows of a table: counts.

    ``covered`` were there, or another table has their message; ``repeats`` are the same as an event
    that was there. ``missing`` rows of a sample that the ledger covers were not there: then all are
    looked up, and those that were missing are ``written``. ``taken_back`` is whether another tool
    rolled ``events`` back to an earlier snapshot since the last commit.
    """

    written: int
    covered: int = 0
    repeats: int = 0
    missing: int = 0
    taken_back: bool = False
