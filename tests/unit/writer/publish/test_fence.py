from collections.abc import Mapping

import pytest

from headwater_writer.publish.fence import (
    Change,
    Spoils,
    a_move_within,
    any_move,
    claiming,
    coming_late,
    is_spoiled,
    with_pending,
)
from headwater_writer.publish.history import Snapshot
from headwater_writer.publish.ledger import LATE, PENDING, Range, Ranges, beside, property_name
from headwater_writer.publish.shard import ShardState
from unit.writer.builders import GROUP, SHARD

LEDGER = property_name(GROUP, SHARD)
LATE_LIST = beside(LEDGER, LATE)
ELSEWHERE = {property_name(GROUP, "clicks/shardId-000000000001"): "1-1"}
PLACE = Range(4, 6)
UNWRITTEN = ShardState.of({}, LEDGER)

CLAIM = claiming(LEDGER, UNWRITTEN, PLACE)
COMES_LATE = coming_late(LEDGER, UNWRITTEN, PLACE)

SPOILS_A_CLAIM = any_move(LEDGER)
SPOILS_LATE_ROWS = a_move_within(LEDGER, PLACE)

either = pytest.mark.parametrize(
    ("change", "spoiled_by"),
    [(CLAIM, SPOILS_A_CLAIM), (COMES_LATE, SPOILS_LATE_ROWS)],
    ids=["claim", "late"],
)

either_fence = pytest.mark.parametrize(
    "spoiled_by", [SPOILS_A_CLAIM, SPOILS_LATE_ROWS], ids=["claim", "late"]
)


def history(*summaries: Mapping[str, str], first_parent: int | None = None) -> list[Snapshot]:
    """Return snapshots, newest first, of which the oldest has the id 1."""
    oldest_first = [
        Snapshot(number, number - 1 if number > 1 else first_parent, number, summary)
        for number, summary in enumerate(summaries, 1)
    ]
    return oldest_first[::-1]


def spoiled(spoiled_by: Spoils, summary: Mapping[str, str]) -> bool:
    return is_spoiled(spoiled_by, 1, history({}, summary))


def test_claim_sets_the_ledger_and_says_what_was_claimed() -> None:
    change = claiming(LEDGER, ShardState.of({LEDGER: "1-3"}, LEDGER), PLACE)

    assert change == Change({LEDGER: "4-6"}, {LEDGER: "1-3,4-6"})


def test_late_rows_set_the_late_list_and_name_the_ledger() -> None:
    change = coming_late(LEDGER, ShardState.of({LATE_LIST: "1-3"}, LEDGER), PLACE)

    assert change == Change({LEDGER: "", LATE_LIST: "4-6"}, {LATE_LIST: "1-3,4-6"})


@either
def test_pending_list_goes_with_a_change(change: Change, spoiled_by: Spoils) -> None:
    pending = with_pending(change, LEDGER, Ranges((PLACE,)))

    assert pending.summary == change.summary
    assert pending.properties == {**change.properties, beside(LEDGER, PENDING): "4-6"}
    assert spoiled(spoiled_by, pending.summary)


def test_joined_properties_give_way_to_those_of_the_change() -> None:
    assert CLAIM.joined({LEDGER: "1-9", "other": "x"}) == Change(
        CLAIM.summary, {LEDGER: "4-6", "other": "x"}
    )


@either
def test_decision_holds_where_nothing_came_since(change: Change, spoiled_by: Spoils) -> None:
    assert not is_spoiled(spoiled_by, 1, history(change.summary))


@either_fence
def test_decision_holds_beside_maintenance_and_other_shards(spoiled_by: Spoils) -> None:
    assert not spoiled(spoiled_by, {"operation": "replace"} | ELSEWHERE)


@either
def test_decision_is_spoiled_by_the_same_of_another(change: Change, spoiled_by: Spoils) -> None:
    assert spoiled(spoiled_by, change.summary)


@either_fence
def test_decision_is_spoiled_by_what_came_late_anywhere_on_the_shard(spoiled_by: Spoils) -> None:
    assert spoiled(spoiled_by, coming_late(LEDGER, UNWRITTEN, Range(9, 9)).summary)


@pytest.mark.parametrize(("claim", "spoils"), [("3-3", False), ("6-9", True), ("7-9", False)])
def test_late_rows_are_spoiled_by_a_claim_on_their_place(claim: str, spoils: bool) -> None:
    assert spoiled(SPOILS_LATE_ROWS, {LEDGER: claim}) is spoils


def test_late_rows_are_spoiled_by_a_claim_that_nobody_can_read() -> None:
    assert spoiled(SPOILS_LATE_ROWS, {LEDGER: "1-"})


def test_claim_is_spoiled_by_any_other() -> None:
    assert spoiled(SPOILS_A_CLAIM, {LEDGER: "7-9"})


def test_claim_is_spoiled_by_a_move_further_back_than_the_newest() -> None:
    assert is_spoiled(SPOILS_A_CLAIM, 1, history({}, {LEDGER: "7-9"}, {}, {}))


@either_fence
def test_decision_holds_on_a_table_that_was_empty_and_has_its_whole_history(
    spoiled_by: Spoils,
) -> None:
    assert not is_spoiled(spoiled_by, None, [])
    assert not is_spoiled(spoiled_by, None, history({}, {}))


@either_fence
def test_decision_is_spoiled_where_the_history_is_cut_or_another(spoiled_by: Spoils) -> None:
    assert is_spoiled(spoiled_by, 7, history({}, {}))
    assert is_spoiled(spoiled_by, 7, [])
    assert is_spoiled(spoiled_by, None, history({}, {}, first_parent=99))
