from collections.abc import Mapping

from headwater_contract.ranges import Range
from headwater_writer.publish.ledger import (
    LATE,
    PENDING,
    REWOUND,
    beside,
    property_name,
)
from headwater_writer.publish.rewound import noted, rewound
from unit.writer.builders import GROUP, SHARD

LEDGER = property_name(GROUP, SHARD)
LATE_LIST, NOTE, PENDING_LIST = (beside(LEDGER, each) for each in (LATE, REWOUND, PENDING))
OTHER = property_name(GROUP, "clicks/shardId-000000000001")


def commit(claim: str, ledger: str = LEDGER) -> Mapping[str, str]:
    return {"operation": "append", ledger: claim}


def late(place: str) -> Mapping[str, str]:
    return {"operation": "append", LEDGER: "", LATE_LIST: place}


def test_rewind_takes_out_and_notes_from_where_to_where_rows_may_have_gone() -> None:
    properties = {LEDGER: "1-5,6-9,12-20", "owner": "me"}

    changed = rewound(properties, [commit("12-20"), commit("6-9")])

    assert changed == {LEDGER: "1-5", NOTE: "6-20"}


def test_rewind_adds_to_what_was_noted() -> None:
    properties = {LEDGER: "1-2,5-9", NOTE: "3-4"}

    changed = rewound(properties, [commit("8-9")])

    assert changed == {LEDGER: "1-2,5-7", NOTE: "3-4,8-9"}


def test_rewind_counts_rows_that_came_late() -> None:
    properties = {LEDGER: "1-9", LATE_LIST: "2-2"}

    both = rewound(properties, [commit("8-9"), late("2-2")])
    alone = rewound(properties, [late("2-2")])

    assert both == {LEDGER: "1-1", NOTE: "2-9"}
    assert alone == {LEDGER: "1-1,3-9", NOTE: "2-2"}


def test_rewind_leaves_other_shards_alone() -> None:
    changed = rewound({LEDGER: "1-5", OTHER: "7-8"}, [commit("7-8", OTHER)])

    assert changed == {OTHER: "", beside(OTHER, REWOUND): "7-8"}


def test_rewind_passes_over_commits_of_maintenance() -> None:
    assert rewound({LEDGER: "1-5"}, [{"operation": "replace"}]) == {}


def test_rewind_passes_over_late_rows_whose_place_nobody_named() -> None:
    assert rewound({LEDGER: "1-5"}, [commit("")]) == {}


def test_rewind_past_a_claim_that_nobody_can_read_notes_the_whole_ledger() -> None:
    properties = {LEDGER: "1-5,6-9", OTHER: "7-8"}

    changed = rewound(properties, [commit("8-9"), commit("6-")])

    assert changed == {LEDGER: "", NOTE: "1-9"}


def test_rewind_undoes_what_was_decided_on_failed_records() -> None:
    properties = {LEDGER: "1-5,6-9", PENDING_LIST: "2-2,8-9"}

    changed = rewound(properties, [commit("6-9")])

    assert changed == {LEDGER: "1-5", NOTE: "6-9", PENDING_LIST: "2-2"}


def test_note_leaves_alone_what_is_pending_elsewhere() -> None:
    changed = noted({LEDGER: "1-9", PENDING_LIST: "2-2"}, LEDGER, Range(6, 9))

    assert changed == {LEDGER: "1-5", NOTE: "6-9"}
