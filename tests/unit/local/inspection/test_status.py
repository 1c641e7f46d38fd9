from datetime import UTC, datetime, timedelta

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.stream_record import pack
from headwater_local.inspection.status import (
    NO_TABLE,
    TableState,
    Waiting,
    events_in,
    is_covered,
    summarize,
    table_state,
)

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _waiting(sequence: int, events: int = 1, age: float = 0.0) -> Waiting:
    return Waiting("shard-0", sequence, events, NOW - timedelta(seconds=age))


def test_every_event_is_waiting_or_written_or_failed() -> None:
    written = TableState(10, NOW, {})

    status = summarize([_waiting(1, 3), _waiting(2, 4)], written, 2, NOW, {})

    assert (status.total, status.waiting, status.written, status.failed) == (19, 7, 10, 2)


def test_the_lag_is_the_age_of_the_oldest_that_waits() -> None:
    waiting = [_waiting(1, age=1.0), _waiting(2, age=9.0)]

    assert summarize(waiting, NO_TABLE, 0, NOW, {}).lag_seconds == 9.0


def test_there_is_no_lag_when_nothing_waits() -> None:
    assert summarize([], NO_TABLE, 0, NOW, {}).lag_seconds == 0.0


def test_what_the_ledger_has_waits_no_more() -> None:
    properties = {"headwater.ledger.writer/headwater-events/shard-0": "5-10"}

    assert [is_covered(_waiting(sequence), properties) for sequence in (4, 5, 10, 11)] == [
        False,
        True,
        True,
        False,
    ]
    assert is_covered(_waiting(5), {}) is False


def test_reads_rows_and_commit_from_the_current_snapshot() -> None:
    metadata = {
        "current-snapshot-id": 2,
        "snapshots": [
            {"snapshot-id": 1, "timestamp-ms": 0, "summary": {"total-records": "1"}},
            {"snapshot-id": 2, "timestamp-ms": 1000, "summary": {"total-records": "7"}},
        ],
        "properties": {"a": "b"},
    }

    state = table_state(metadata)

    assert state == TableState(7, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), {"a": "b"})


def test_a_table_without_a_commit_has_no_rows() -> None:
    assert table_state({"current-snapshot-id": -1, "snapshots": []}) == NO_TABLE


def test_counts_the_events_of_a_stream_record() -> None:
    entries = [Entry(b"{}", "track", "a"), Entry(b"{}", refusal="no user")]
    [data] = pack(Envelope(NOW, "app"), entries)

    assert events_in(data) == 2


def test_a_record_that_cannot_be_read_counts_as_one() -> None:
    assert events_in(b"not ours") == 1
