from collections.abc import Mapping

import pytest

from headwater_contract.ranges import Range, Ranges
from headwater_writer.publish.fence import (
    Change,
    Conflicts,
    a_move_within,
    any_move,
    claiming,
    coming_late,
    has_conflict,
    with_pending,
)
from headwater_writer.publish.history import Snapshot
from headwater_writer.publish.ledger import LATE, PENDING, beside, property_name
from headwater_writer.publish.shard import ShardState
from unit.writer.builders import GROUP, SHARD

LEDGER = property_name(GROUP, SHARD)
LATE_LIST = beside(LEDGER, LATE)
ELSEWHERE = {property_name(GROUP, "clicks/shardId-000000000001"): "1-1"}
SPAN = Range(4, 6)
UNWRITTEN = ShardState.of({}, LEDGER)

CLAIM = claiming(LEDGER, UNWRITTEN, SPAN)
COMES_LATE = coming_late(LEDGER, UNWRITTEN, SPAN)

CONFLICTS_WITH_A_CLAIM = any_move(LEDGER)
CONFLICTS_WITH_LATE_ROWS = a_move_within(LEDGER, SPAN)

either = pytest.mark.parametrize(
    ("change", "conflicts"),
    [(CLAIM, CONFLICTS_WITH_A_CLAIM), (COMES_LATE, CONFLICTS_WITH_LATE_ROWS)],
    ids=["claim", "late"],
)

either_fence = pytest.mark.parametrize(
    "conflicts", [CONFLICTS_WITH_A_CLAIM, CONFLICTS_WITH_LATE_ROWS], ids=["claim", "late"]
)


def history(*summaries: Mapping[str, str], first_parent: int | None = None) -> list[Snapshot]:
    """Return snapshots, newest first, of which the oldest has the id 1."""
    oldest_first = [
        Snapshot(number, number - 1 if number > 1 else first_parent, number, summary)
        for number, summary in enumerate(summaries, 1)
    ]
    return oldest_first[::-1]


def has_conflict_with(conflicts: Conflicts, summary: Mapping[str, str]) -> bool:
    return has_conflict(conflicts, 1, history({}, summary))


def test_claim_sets_the_ledger_and_says_what_was_claimed() -> None:
    change = claiming(LEDGER, ShardState.of({LEDGER: "1-3"}, LEDGER), SPAN)

    assert change == Change({LEDGER: "4-6"}, {LEDGER: "1-3,4-6"})


def test_late_rows_set_the_late_list_and_name_the_ledger() -> None:
    change = coming_late(LEDGER, ShardState.of({LATE_LIST: "1-3"}, LEDGER), SPAN)

    assert change == Change({LEDGER: "", LATE_LIST: "4-6"}, {LATE_LIST: "1-3,4-6"})


@either
def test_pending_list_goes_with_a_change(change: Change, conflicts: Conflicts) -> None:
    pending = with_pending(change, LEDGER, Ranges((SPAN,)))

    assert pending.summary == change.summary
    assert pending.properties == {**change.properties, beside(LEDGER, PENDING): "4-6"}
    assert has_conflict_with(conflicts, pending.summary)


def test_joined_properties_give_way_to_those_of_the_change() -> None:
    assert CLAIM.joined({LEDGER: "1-9", "other": "x"}) == Change(
        CLAIM.summary, {LEDGER: "4-6", "other": "x"}
    )


@either
def test_decision_holds_if_nothing_was_committed_since(
    change: Change, conflicts: Conflicts
) -> None:
    assert not has_conflict(conflicts, 1, history(change.summary))


@either_fence
def test_decision_holds_beside_maintenance_and_other_shards(conflicts: Conflicts) -> None:
    assert not has_conflict_with(conflicts, {"operation": "replace"} | ELSEWHERE)


@either
def test_decision_conflicts_with_the_same_change_of_another_writer(
    change: Change, conflicts: Conflicts
) -> None:
    assert has_conflict_with(conflicts, change.summary)


@either_fence
def test_decision_conflicts_with_late_rows_anywhere_on_the_shard(conflicts: Conflicts) -> None:
    assert has_conflict_with(conflicts, coming_late(LEDGER, UNWRITTEN, Range(9, 9)).summary)


@pytest.mark.parametrize(("claim", "conflicts"), [("3-3", False), ("6-9", True), ("7-9", False)])
def test_late_rows_conflict_with_a_claim_on_their_span(claim: str, conflicts: bool) -> None:
    assert has_conflict_with(CONFLICTS_WITH_LATE_ROWS, {LEDGER: claim}) is conflicts


def test_late_rows_conflict_with_a_claim_that_cannot_be_read() -> None:
    assert has_conflict_with(CONFLICTS_WITH_LATE_ROWS, {LEDGER: "1-"})


def test_claim_conflicts_with_any_other() -> None:
    assert has_conflict_with(CONFLICTS_WITH_A_CLAIM, {LEDGER: "7-9"})


def test_claim_conflicts_with_a_change_before_the_newest() -> None:
    assert has_conflict(CONFLICTS_WITH_A_CLAIM, 1, history({}, {LEDGER: "7-9"}, {}, {}))


@either_fence
def test_decision_holds_on_a_table_that_was_empty_and_has_its_whole_history(
    conflicts: Conflicts,
) -> None:
    assert not has_conflict(conflicts, None, [])
    assert not has_conflict(conflicts, None, history({}, {}))


@either_fence
def test_decision_conflicts_with_a_history_that_is_cut_or_another(conflicts: Conflicts) -> None:
    assert has_conflict(conflicts, 7, history({}, {}))
    assert has_conflict(conflicts, 7, [])
    assert has_conflict(conflicts, None, history({}, {}, first_parent=99))
