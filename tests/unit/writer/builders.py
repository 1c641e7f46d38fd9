"""What the writer's tests are made of: messages, records, rows and tables in memory."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from headwater_contract.stream_record import Entry, Envelope, pack
from headwater_contract.tables import EVENTS, TABLES
from headwater_writer.decode import ReceivedRecord
from headwater_writer.ledger import Range
from headwater_writer.memory_table import MemoryStore, MemoryTable, Moment, Step, Watch, unwatched
from headwater_writer.publish import ShardRows
from headwater_writer.rows import Row, Rules
from headwater_writer.writer import Writer

NOW: Final = datetime(2026, 1, 31, 13, 37, 5, tzinfo=UTC)
RECEIVED: Final = datetime(2026, 1, 31, 13, 37, 1, tzinfo=UTC)
ENVELOPE: Final = Envelope(RECEIVED, "shop", ip="203.0.113.9", user_agent="curl/8.5.0")
SHARD_ID: Final = "shardId-000000000000"
SHARD: Final = f"clicks/{SHARD_ID}"
RULES: Final = Rules()


def now() -> datetime:
    return NOW


def body(**fields: object) -> bytes:
    return json.dumps({"userId": "u-1", "event": "Ping", **fields}).encode()


def entry(event_id: str = "m-1", message_type: str = "track", **fields: object) -> Entry:
    return Entry(body(**fields), message_type, event_id)


def record(sequence: int, *entries: Entry, shard: str = SHARD) -> ReceivedRecord:
    [data] = pack(ENVELOPE, entries or [entry(f"m-{sequence}")])
    return ReceivedRecord(shard, str(sequence), data)


def kinesis_event(records: Sequence[ReceivedRecord]) -> dict[str, Any]:
    """Return an invocation of the shape that AWS documents for Kinesis."""
    return {"Records": [_kinesis_record(record) for record in records]}


def _kinesis_record(record: ReceivedRecord) -> Mapping[str, Any]:
    stream, _, shard_id = record.shard.partition("/")
    arn = f"arn:aws:kinesis:us-east-1:123456789012:stream/{stream}"
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": "k",
            "sequenceNumber": record.sequence,
            "data": base64.b64encode(record.data).decode(),
            "approximateArrivalTimestamp": NOW.timestamp(),
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard_id}:{record.sequence}",
        "eventName": "aws:kinesis:record",
        "awsRegion": "us-east-1",
        "eventSourceARN": arn,
    }


def row(sequence: int, event_id: str | None = None, loaded_at: datetime = NOW) -> Row:
    """Return what the protocol looks at of an event's row."""
    return {
        "app_id": "shop",
        "event_id": event_id or f"m-{sequence}",
        "ingest_shard": SHARD,
        "ingest_sequence": str(sequence),
        "ingest_index": 0,
        "load_time": loaded_at,
    }


def batch(first: int, last: int) -> ShardRows:
    """Return the rows of one event in every record from ``first`` to ``last``."""
    rows = [row(sequence) for sequence in range(first, last + 1)]
    return ShardRows(SHARD, Range(first, last), rows)


def table(store: MemoryStore, watch: Watch = unwatched) -> MemoryTable:
    """Return a process's view of an events table."""
    return MemoryTable(store, EVENTS, now, watch=watch)


def sequences(store: MemoryStore) -> list[int]:
    """Return where every row of a table comes from, in order."""
    return sorted(int(row["ingest_sequence"]) for row in store.rows)


class MemoryLake:
    """Every table of the contract in memory; ``rules`` are those of its next writers."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.rules = rules
        self.stores = {table.name: MemoryStore() for table in TABLES}

    def writer(self, watch: Watch = unwatched) -> Writer:
        """Return a writer of a process of its own."""
        tables = {
            table.name: MemoryTable(self.stores[table.name], table, now, watch=watch)
            for table in TABLES
        }
        return Writer(tables, self.rules, now)


class Once:
    """Does something the first time that a step comes to a moment."""

    def __init__(self, step: Step, moment: Moment, action: Callable[[], object]) -> None:
        self._at = (step, moment)
        self._action: Callable[[], object] | None = action

    def __call__(self, step: Step, moment: Moment) -> None:
        action = self._action
        if action is not None and (step, moment) == self._at:
            self._action = None
            action()


class Always:
    """Does something every time that a step comes to a moment."""

    def __init__(self, step: Step, moment: Moment, action: Callable[[], object]) -> None:
        self._at = (step, moment)
        self._action = action

    def __call__(self, step: Step, moment: Moment) -> None:
        if (step, moment) == self._at:
            self._action()


class Both:
    """Does as one and then as the other."""

    def __init__(self, one: Watch, other: Watch) -> None:
        self._one = one
        self._other = other

    def __call__(self, step: Step, moment: Moment) -> None:
        self._one(step, moment)
        self._other(step, moment)


def failing(error: Exception) -> Callable[[], None]:
    """Return an action that raises."""

    def fail() -> None:
        raise error

    return fail
