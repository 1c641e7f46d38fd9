"""Which records of a shard are open, by the lists of two tables."""

from collections.abc import Sequence

import pytest

from headwater_contract.ranges import NOWHERE, Range, Ranges
from headwater_writer.cluster.plan import ShardPlan, Span, open_spans, plan_of, readable
from headwater_writer.publish.shard import ShardState

TIP = Span(29, None)


def ranges(*pairs: tuple[int, int]) -> Ranges:
    return Ranges(tuple(Range(*pair) for pair in pairs))


def state(
    claimed: Ranges = NOWHERE, late: Ranges = NOWHERE, rewound: Ranges = NOWHERE
) -> ShardState:
    return ShardState(claimed, late, rewound, NOWHERE)


def plan(
    of_events: ShardState,
    of_identifies: ShardState | None = None,
    unfollowed: Sequence[Range] = (),
    empty: Sequence[Span] = (),
) -> ShardPlan:
    return plan_of("clicks/0", of_events, of_identifies or state(), unfollowed, empty)


def test_all_of_a_shard_without_a_ledger_is_open() -> None:
    assert open_spans(NOWHERE) == [Span(None, None)]


def test_gaps_are_open_and_what_is_before_and_behind_the_ledger() -> None:
    assert open_spans(ranges((10, 19), (25, 29))) == [Span(None, 10), Span(19, 25), TIP]


def test_nothing_fits_between_two_numbers_in_a_row() -> None:
    assert open_spans(ranges((10, 19), (20, 29))) == [Span(None, 10), TIP]


def test_what_no_table_has_is_plain() -> None:
    assert plan(state(ranges((10, 29)))).plain == [Span(None, 10), TIP]


def test_spans_that_are_known_to_be_empty_are_left_out() -> None:
    planned = plan(state(ranges((10, 29))), empty=[Span(None, 10), TIP])

    assert planned.is_done


def test_where_rows_came_late_is_doubtful_up_to_the_last_of_them() -> None:
    planned = plan(state(ranges((10, 29)), late=ranges((33, 35))))

    assert planned.doubtful == [Span(29, 36)]
    assert planned.plain == [Span(None, 10), Span(35, None)]


def test_a_doubtful_gap_is_doubtful_as_a_whole() -> None:
    planned = plan(state(ranges((10, 19), (25, 29)), late=ranges((20, 24))))

    assert planned.doubtful == [Span(19, 25, 20)]


def test_what_a_rewind_cut_begins_at_a_record_and_not_after_what_may_be_none() -> None:
    planned = plan(state(ranges((10, 19)), rewound=ranges((20, 27))))

    assert planned.doubtful == [Span(19, 28, 20)]
    assert planned.plain == [Span(None, 10), Span(27, None)]


def test_what_identifies_alone_claims_is_doubtful() -> None:
    planned = plan(state(ranges((10, 29))), state(ranges((10, 29), (30, 34))))

    assert planned.doubtful == [Span(29, 35, 30)]


def test_what_both_tables_claim_is_no_matter() -> None:
    assert plan(state(ranges((10, 29))), state(ranges((12, 20)))).is_sure


def test_failed_records_that_may_be_missing_come_first() -> None:
    planned = plan(state(ranges((10, 29))), unfollowed=[Range(12, 12)])

    assert not planned.is_sure
    assert Span.of(Range(12, 12)) == Span(11, 13, 12)


def of(shard: str, *open_ones: Span) -> ShardPlan:
    return ShardPlan(shard, (), (), open_ones)


@pytest.mark.parametrize(
    ("plans", "read"),
    [
        ([of("parent", TIP), of("child", Span(None, None))], ["parent"]),
        ([of("parent"), of("child", Span(None, None))], ["parent", "child"]),
        ([of("child", Span(None, None))], ["child"]),
    ],
    ids=["parent open", "parent done", "parent gone"],
)
def test_parents_are_read_before_children(plans: Sequence[ShardPlan], read: Sequence[str]) -> None:
    parents = {"parent": [], "child": ["parent", "other-parent"]}
    by_shard = {each.shard: each for each in plans}

    assert [each.shard for each in readable(parents, by_shard)] == read
