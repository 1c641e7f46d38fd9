from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from headwater_writer.ledger import Range, Ranges, late_name, property_name
from headwater_writer.maintenance.rewound import Path, rewound, without

LEDGER = property_name("writer", "clicks/shardId-000000000000")
LATE = late_name("writer", "clicks/shardId-000000000000")
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


def commit(ledger: str, claim: str) -> Mapping[str, str]:
    return {"operation": "append", ledger: claim}


@given(st.lists(spans, max_size=6), spans)
def test_covers_all_but_what_is_taken_away(held: list[Range], other: Range) -> None:
    ranges = ranges_of(held)

    left = without(ranges, other)

    assert covered(left) == covered(ranges) - set(range(other.first, other.last + 1))
    assert all(one.last < two.first for one, two in zip(left.ranges, left.ranges[1:], strict=False))


def test_forgets_what_the_left_commits_claimed() -> None:
    properties = {LEDGER: "1-5,6-9,12-20", "owner": "me"}
    left = [commit(LEDGER, "12-20"), commit(LEDGER, "6-9")]

    assert rewound(properties, Path(left, [])) == {LEDGER: "1-5", LATE: "6-20", "owner": "me"}


def test_has_the_table_searched_where_claims_may_have_overlapped() -> None:
    # 3-9 claimed again what 3-5 had: a batch that was given once more, with more records.
    properties = {LEDGER: "1-9"}

    after = rewound(properties, Path([commit(LEDGER, "3-9")], []))

    assert after == {LEDGER: "1-2", LATE: "3-9"}


def test_forgets_a_shard_that_the_snapshot_knew_nothing_of() -> None:
    properties = {LEDGER: "1-5", OTHER: "7-8"}

    after = rewound(properties, Path([commit(OTHER, "7-8")], []))

    assert LEDGER in after
    assert OTHER not in after


def test_passes_over_commits_of_maintenance() -> None:
    properties = {LEDGER: "1-5"}

    assert rewound(properties, Path([{"operation": "replace"}], [])) == properties


def test_knows_again_what_the_commits_taken_up_claimed() -> None:
    back = rewound({LEDGER: "1-5,6-9"}, Path([commit(LEDGER, "6-9")], []))

    there_again = rewound(back, Path([], [commit(LEDGER, "6-9")]))

    assert there_again[LEDGER] == "1-5,6-9"


def test_passes_over_commits_of_late_rows() -> None:
    properties = {LEDGER: "1-9", LATE: "4-4"}

    assert rewound(properties, Path([commit(LEDGER, "")], [])) == properties
