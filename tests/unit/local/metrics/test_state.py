from datetime import UTC, datetime
from typing import Any

from headwater_local.lambda_service.event_source.checkpoints import Checkpoint
from headwater_local.lambda_service.event_source.fakes import ManualClock, MemoryStream
from headwater_local.lambda_service.event_source.stream import AfterSequence
from headwater_local.metrics.state import lag_seconds, of_table

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MILLIS = int(NOW.timestamp() * 1000)


def _snapshot(number: int, seconds_ago: int, operation: str, **summary: str) -> dict[str, Any]:
    return {
        "snapshot-id": number,
        "timestamp-ms": MILLIS - seconds_ago * 1000,
        "summary": {"operation": operation, **summary},
    }


def _said(metadata: dict[str, Any]) -> dict[str, float]:
    found = list(of_table("events", metadata, NOW))
    assert {each.labels for each in found} == {("events",)}
    return {each.metric.name.removeprefix("headwater_"): each.value for each in found}


def test_tells_the_size_of_a_table_and_when_rows_came_to_it() -> None:
    totals = {"total-records": "70", "total-data-files": "2", "total-files-size": "900"}
    snapshots = [
        _snapshot(1, 50, "append", **{"added-records": "70"}),
        _snapshot(2, 20, "replace", **totals, **{"added-records": "70"}),
    ]

    assert _said({"current-snapshot-id": 2, "snapshots": snapshots}) == {
        "table_snapshots": 2,
        "table_rows": 70,
        "table_files": 2,
        "table_bytes": 900,
        "newest_row_age_seconds": 50,
    }


def test_a_table_without_rows_has_no_newest_one() -> None:
    said = _said({"current-snapshot-id": -1, "snapshots": []})

    assert said["table_rows"] == 0
    assert "newest_row_age_seconds" not in said


def test_the_lag_is_the_age_of_the_oldest_record_after_the_checkpoint() -> None:
    clock = ManualClock(NOW.timestamp() - 100)
    stream = MemoryStream(clock, shards=2)
    done = stream.put(b"done")
    clock.advance(60)
    stream.put(b"waits")
    checkpoint = {"shardId-000000000000": Checkpoint(AfterSequence(done.sequence_number))}

    assert lag_seconds(stream, {}, NOW) == 100
    assert lag_seconds(stream, checkpoint, NOW) == 40


def test_there_is_no_lag_if_nothing_waits() -> None:
    assert lag_seconds(MemoryStream(ManualClock()), {}, NOW) == 0
