from datetime import UTC, datetime, timedelta
from typing import Any

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
    written = TableState(10, NOW, NOW, {})

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


def _snapshot(number: int, seconds: int, operation: str, rows: int) -> dict[str, Any]:
    summary = {"operation": operation, "total-records": str(rows)}
    return {"snapshot-id": number, "timestamp-ms": seconds * 1000, "summary": summary}


def _second(number: int) -> datetime:
    return datetime.fromtimestamp(number, UTC)


def test_reads_rows_and_commits_from_the_snapshots() -> None:
    appends = [_snapshot(1, 0, "append", 1), _snapshot(2, 5, "append", 7)]
    compacted = _snapshot(3, 9, "replace", 7)
    metadata = {
        "current-snapshot-id": 3,
        "snapshots": [*appends, compacted],
        "properties": {"a": "b"},
    }

    assert table_state(metadata) == TableState(7, _second(9), _second(5), {"a": "b"})


def test_an_append_that_has_expired_was_before_the_oldest_snapshot() -> None:
    snapshots = [_snapshot(3, 9, "replace", 7), _snapshot(4, 12, "delete", 7)]

    state = table_state({"current-snapshot-id": 4, "snapshots": snapshots})

    assert state.last_append == _second(9)


def test_a_table_without_a_commit_has_no_rows() -> None:
    assert table_state({"current-snapshot-id": -1, "snapshots": []}) == NO_TABLE


def test_counts_the_events_of_a_stream_record() -> None:
    entries = [Entry(b"{}", "track", "a"), Entry(b"{}", refusal="no user")]
    [data] = pack(Envelope(NOW, "app"), entries)

    assert events_in(data) == 2


def test_a_record_that_cannot_be_read_counts_as_one() -> None:
    assert events_in(b"not ours") == 1
