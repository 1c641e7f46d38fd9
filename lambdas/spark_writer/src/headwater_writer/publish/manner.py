"""How a batch comes, in its shard's order or late: what its commits change and must not follow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from headwater_writer.publish.fence import (
    Change,
    Spoils,
    a_move_within,
    any_move,
    claiming,
    coming_late,
)
from headwater_writer.publish.ledger import Range
from headwater_writer.publish.shard import ShardState


@dataclass(frozen=True, slots=True)
class Manner:
    """What a commit of a batch changes on a state of its shard, and what spoils its decision."""

    is_late: bool
    change: Callable[[str, ShardState, Range], Change]
    spoils: Callable[[str, Range], Spoils]


IN_ORDER: Final = Manner(False, claiming, lambda ledger, _: any_move(ledger))
LATE: Final = Manner(True, coming_late, a_move_within)
