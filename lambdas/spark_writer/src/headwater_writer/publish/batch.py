"""A run of a shard's records as rows, and what became of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from headwater_writer.publish.ledger import Range
from headwater_writer.publish.lookup import Position
from headwater_writer.rows.rows import Row


def _nothing(_positions: Collection[Position]) -> Sequence[Row]:
    return ()


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of every table, by its name, that the records of one shard hold.

    In the shard's order, the records are whatever there is from ``claim.first`` to ``claim.last``,
    so that nothing of that stretch is missing once they are settled. Records that come late may be
    any of it, one or all: for them ``claim`` only says where to look.

    ``set_aside`` returns the failed records that messages at some positions become if they may not
    be events.
    """

    shard: str
    claim: Range
    rows: Mapping[str, Sequence[Row]]
    set_aside: Callable[[Collection[Position]], Sequence[Row]] = field(default=_nothing)


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a batch's rows for a table: counts.

    ``covered`` were there, or another table has their message; ``repeats`` say the same as an event
    that was there. ``missing`` of a sample of those that the ledger covers were not there: all were
    looked up, and what was missing is ``written``. ``taken_back`` says that another tool took
    ``events`` back to an earlier snapshot since the last commit.
    """

    written: int
    covered: int = 0
    repeats: int = 0
    missing: int = 0
    taken_back: bool = False
