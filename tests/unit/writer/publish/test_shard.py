import pytest

from headwater_contract.ranges import Range, Ranges
from headwater_writer.publish.history import Snapshot
from headwater_writer.publish.ledger import (
    LATE,
    PENDING,
    REWOUND,
    LedgerError,
    beside,
    property_name,
)
from headwater_writer.publish.shard import ShardState, ranges
from unit.writer.builders import GROUP, SHARD, row

LEDGER = property_name(GROUP, SHARD)
LATE_LIST, NOTE, PENDING_LIST = (beside(LEDGER, each) for each in (LATE, REWOUND, PENDING))
OTHER = property_name("another", SHARD)

STATE = ShardState.of(
    {LEDGER: "1-9,20-29", LATE_LIST: "3-4", NOTE: "6-7", PENDING_LIST: "8-9"}, LEDGER
)


def claiming(claim: str) -> Snapshot:
    return Snapshot(5, 4, 5, {"operation": "append", LEDGER: claim})


def test_state_of_a_shard_is_that_of_its_group_alone() -> None:
    assert ShardState.of({OTHER: "1-9"}, LEDGER) == ShardState.of({}, LEDGER)


def test_state_is_unsure_if_rows_came_late_or_went() -> None:
    assert STATE.unsure == Ranges.parse("3-4,6-7")


@pytest.mark.parametrize(
    ("sequence", "decided", "pending"),
    [(2, True, False), (4, False, False), (7, False, False), (9, True, True), (15, False, False)],
)
def test_row_is_decided_if_the_ledger_alone_tells(
    sequence: int, decided: bool, pending: bool
) -> None:
    assert STATE.is_decided(row(sequence)) is decided
    assert STATE.is_pending(row(sequence)) is pending
    assert STATE.is_open(row(sequence)) is (pending or not decided)


@pytest.mark.parametrize(
    ("claim", "sure"),
    [
        (Range(1, 2), True),
        (Range(5, 5), True),
        (Range(10, 30), True),
        (Range(1, 3), False),
        (Range(7, 12), False),
        (Range(9, 12), False),
    ],
)
def test_claim_is_sure_if_neither_note_nor_pending_list_touches_it(
    claim: Range, sure: bool
) -> None:
    assert STATE.is_sure(claim) is sure


@pytest.mark.parametrize("name", [LEDGER, LATE_LIST, NOTE, PENDING_LIST])
@pytest.mark.parametrize("text", ["nonsense", "1-", "1-3,", "3-1", " "])
def test_state_that_cannot_be_read_is_an_error_that_says_what_to_do(name: str, text: str) -> None:
    with pytest.raises(LedgerError, match="nothing is written until then") as raised:
        ShardState.of({name: text}, LEDGER)

    assert name in str(raised.value)
    assert repr(text) in str(raised.value)
    assert "earlier metadata file" in str(raised.value)


def test_error_quotes_no_more_of_a_property_than_a_line() -> None:
    with pytest.raises(LedgerError) as raised:
        ranges({LEDGER: "x" * 100_000}, LEDGER)

    assert len(str(raised.value)) < 1000


@pytest.mark.parametrize("text", ["1-9,20-29", "2-8", "3-4,25-25"])
def test_state_that_has_what_the_newest_snapshot_claims_is_accepted(text: str) -> None:
    STATE.check(LEDGER, claiming(text))


def test_state_that_has_it_partly_as_a_note_of_a_rewind_is_accepted() -> None:
    ShardState.of({LEDGER: "1-5", NOTE: "6-9"}, LEDGER).check(LEDGER, claiming("4-8"))


@pytest.mark.parametrize("newest", [None, claiming(""), Snapshot(5, 4, 5, {OTHER: "30-39"})])
def test_state_is_accepted_if_the_newest_snapshot_claims_nothing_of_it(
    newest: Snapshot | None,
) -> None:
    STATE.check(LEDGER, newest)


def test_state_of_a_shard_that_was_forgotten_is_accepted() -> None:
    ShardState.of({}, LEDGER).check(LEDGER, claiming("1-9"))


def test_state_is_not_judged_by_a_claim_that_nobody_can_read() -> None:
    STATE.check(LEDGER, claiming("1-"))


@pytest.mark.parametrize("text", ["30-39", "9-10", "25-30"])
def test_state_that_was_cut_short_is_an_error_that_says_what_to_do(text: str) -> None:
    with pytest.raises(LedgerError, match=f"{LEDGER} lacks {text}.*nothing is written until then"):
        STATE.check(LEDGER, claiming(text))
