from collections.abc import Mapping

from headwater_writer.ledger import (
    MAX_RANGES,
    Range,
    Ranges,
    late_name,
    property_name,
    rewound_name,
)
from headwater_writer.maintenance.rewound import rewound, without
from hypothesis import given
from hypothesis import strategies as st

LEDGER = property_name("writer", "clicks/shardId-000000000000")
LATE = late_name("writer", "clicks/shardId-000000000000")
REWOUND = rewound_name("writer", "clicks/shardId-000000000000")
OTHER = property_name("writer", "clicks/shardId-000000000001")


spans = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(
    lambda pair: Range(pair[0], pair[0] + pair[1])
)


def ranges_of(spans: list[Range]) -> Ranges:
    ranges = Ranges()
    for span in spans:
        ranges = ranges.adding(span)
    return ranges


def covered(ranges: Ranges) -> set[int]:
    return {number for number in range(100) if ranges.covers(number)}


def commit(claim: str, ledger: str = LEDGER) -> Mapping[str, str]:
    return {"operation": "append", ledger: claim}


def late(place: str) -> Mapping[str, str]:
    return {"operation": "append", LEDGER: "", LATE: place}


@given(st.lists(spans, max_size=6), spans)
def test_covers_all_but_what_is_taken_out(held: list[Range], other: Range) -> None:
    ranges = ranges_of(held)

    assert covered(without(ranges, other)) == covered(ranges) - covered(Ranges((other,)))


def test_stays_within_the_limit_of_ranges() -> None:
    full = ranges_of([Range(10 * number, 10 * number + 8) for number in range(MAX_RANGES)])

    assert len(without(full, Range(14, 15)).ranges) == MAX_RANGES


def test_takes_out_and_notes_from_where_to_where_rows_may_have_gone() -> None:
    properties = {LEDGER: "1-5,6-9,12-20", "owner": "me"}

    after = rewound(properties, [commit("12-20"), commit("6-9")])

    assert after == properties | {LEDGER: "1-5", REWOUND: "6-20"}


def test_adds_to_what_was_noted() -> None:
    properties = {LEDGER: "1-2,5-9", REWOUND: "3-4"}

    after = rewound(properties, [commit("8-9")])

    assert after == {LEDGER: "1-2,5-7", REWOUND: "3-4,8-9"}


def test_counts_rows_that_came_late() -> None:
    properties = {LEDGER: "1-9", LATE: "2-2"}

    both = rewound(properties, [commit("8-9"), late("2-2")])
    alone = rewound(properties, [late("2-2")])

    assert both == properties | {LEDGER: "1-1", REWOUND: "2-9"}
    assert alone == properties | {LEDGER: "1-1,3-9", REWOUND: "2-2"}


def test_leaves_other_shards_alone() -> None:
    after = rewound({LEDGER: "1-5", OTHER: "7-8"}, [commit("7-8", OTHER)])

    assert after[LEDGER] == "1-5"
    assert after[OTHER] == ""
    assert REWOUND not in after


def test_passes_over_commits_of_maintenance() -> None:
    properties = {LEDGER: "1-5"}

    assert rewound(properties, [{"operation": "replace"}]) == properties


def test_passes_over_late_rows_whose_place_nobody_named() -> None:
    properties = {LEDGER: "1-5"}

    assert rewound(properties, [commit("")]) == properties
