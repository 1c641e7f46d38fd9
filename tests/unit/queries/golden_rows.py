"""The golden messages as rows, shaped by the code of the writer, but written by no Spark."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import unpack
from headwater_writer.rows.rows import Rules, shape
from integration.writer.queries import golden
from unit.queries.reference import Lake, Row


def golden_lake() -> Lake:
    """Return the tables of the golden messages, repeats too, as if loaded this minute."""
    loaded = _naive(datetime.now(UTC))
    events: list[Row] = []
    identifies: list[Row] = []
    failed: list[Row] = []
    for record in golden.records():
        for event, identify, failure in _rows(record, loaded):
            events += [event] if event else []
            identifies += [identify] if identify else []
            failed += [failure] if failure else []
    return Lake(events, identifies, failed)


def _rows(
    record: ReceivedRecord, loaded: datetime
) -> Iterator[tuple[Row | None, Row | None, Row | None]]:
    unpacked = unpack(record.data)
    for index, entry in enumerate(unpacked.entries):
        position = {
            "load_time": loaded,
            "ingest_shard": record.shard,
            "ingest_sequence": record.sequence,
            "ingest_index": index,
        }
        if entry.refusal:
            about = {"stage": "collector", "reason": entry.refusal}
            app = {"app_id": unpacked.envelope.app_id, "failed_at": loaded}
            yield None, None, {**position, **about, **app}
        else:
            shaped = shape(entry, unpacked.envelope, Rules(max_age=timedelta(days=20 * 365)))
            event = _naive_times(shaped.event) | position
            identify = shaped.identify and _naive_times(shaped.identify) | position
            yield event, identify, None


def _naive_times(row: Row) -> dict[str, Any]:
    return {
        name: _naive(value) if isinstance(value, datetime) else value for name, value in row.items()
    }


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
