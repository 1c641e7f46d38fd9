from collections.abc import Mapping

import pytest
from headwater_writer.fence import Change, claiming, coming_late, is_spoiled
from headwater_writer.ledger import NOWHERE, Range, Ranges, late_name, property_name

from unit.writer.builders import SHARD

LEDGER = property_name("writer", SHARD)
LATE = late_name("writer", SHARD)
ELSEWHERE = {property_name("writer", "clicks/shardId-000000000001"): "1-1"}

CLAIM = claiming("writer", SHARD, NOWHERE, Range(4, 6))
COMES_LATE = coming_late("writer", SHARD, NOWHERE, Range(4, 6))

either = pytest.mark.parametrize("change", [CLAIM, COMES_LATE], ids=["claim", "late"])


def spoiled(change: Change, summary: Mapping[str, str]) -> bool:
    return is_spoiled(change.spoiled_by, 1, [(2, summary), (1, {})])


def test_sets_the_ledger_and_says_what_was_claimed() -> None:
    change = claiming("writer", SHARD, Ranges.parse("1-3"), Range(4, 6))

    assert change.summary == {LEDGER: "4-6"}
    assert change.properties == {LEDGER: "1-3,4-6"}


def test_sets_the_late_list_and_names_the_ledger() -> None:
    change = coming_late("writer", SHARD, Ranges.parse("1-3"), Range(4, 6))

    assert change.summary == {LEDGER: "", LATE: "4-6"}
    assert change.properties == {LATE: "1-3,4-6"}


@either
def test_holds_where_nothing_came_since(change: Change) -> None:
    assert not is_spoiled(change.spoiled_by, 1, [(1, change.summary)])


@either
def test_holds_beside_maintenance_and_other_shards(change: Change) -> None:
    assert not spoiled(change, {"operation": "replace"} | ELSEWHERE)


@either
def test_is_spoiled_by_the_same_of_another(change: Change) -> None:
    assert spoiled(change, change.summary)


@either
def test_is_spoiled_by_what_came_late_anywhere_on_the_shard(change: Change) -> None:
    assert spoiled(change, coming_late("writer", SHARD, NOWHERE, Range(9, 9)).summary)


@pytest.mark.parametrize(("claim", "spoils"), [("3-3", False), ("6-9", True), ("7-9", False)])
def test_what_comes_late_is_spoiled_by_a_claim_on_its_place(claim: str, spoils: bool) -> None:
    assert spoiled(COMES_LATE, {LEDGER: claim}) is spoils


def test_a_claim_is_spoiled_by_any_other() -> None:
    assert spoiled(CLAIM, {LEDGER: "7-9"})


@either
def test_holds_on_a_table_that_was_empty_and_has_its_whole_history(change: Change) -> None:
    assert not is_spoiled(change.spoiled_by, None, [(None, {})])
    assert not is_spoiled(change.spoiled_by, None, [(1, {}), (None, {})])


@either
def test_is_spoiled_where_the_history_is_cut_or_another(change: Change) -> None:
    assert is_spoiled(change.spoiled_by, 1, [(3, {}), (2, {})])
    assert is_spoiled(change.spoiled_by, 1, [(None, {})])
    assert is_spoiled(change.spoiled_by, None, [(3, {}), (2, {})])
