"""What the writer's tests are made of: messages, records, rows and tables in memory."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.ranges import Range
from headwater_contract.stream_record import pack
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES, TABLES
from headwater_writer.publish.batch import Batch
from headwater_writer.publish.ledger import property_name
from headwater_writer.publish.memory_table import (
    MemoryStore,
    MemoryTable,
    Phase,
    Step,
    Watch,
    unwatched,
)
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.shard import ShardState
from headwater_writer.rows.rows import Row, Rules
from headwater_writer.writer import Writer
from inline import Inline

NOW: Final = datetime(2026, 1, 31, 13, 37, 5, tzinfo=UTC)
RECEIVED: Final = datetime(2026, 1, 31, 13, 37, 1, tzinfo=UTC)
ENVELOPE: Final = Envelope(RECEIVED, "shop", ip="203.0.113.9", user_agent="curl/8.5.0")
SHARD_ID: Final = "shardId-000000000000"
SHARD: Final = f"clicks/{SHARD_ID}"
RULES: Final = Rules()
GROUP: Final = "writer"


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
        "message_type": "track",
        "event_type": "Ping",
        "user_id": "u-1",
        "anonymous_id": None,
        "group_id": None,
        "properties": None,
        "ingest_shard": SHARD,
        "ingest_sequence": str(sequence),
        "ingest_index": 0,
        "load_time": loaded_at,
    }


def failed_row(sequence: int, index: int = 0, stage: str = "shape") -> Row:
    """Return what the protocol looks at of a failed record's row."""
    return {
        "stage": stage,
        "app_id": "shop",
        "ingest_shard": SHARD,
        "ingest_sequence": str(sequence),
        "ingest_index": index,
    }


def batch_of(*events: Row, claim: Range | None = None, failed: Sequence[Row] = ()) -> Batch:
    """Return a batch with rows for ``events`` and failed records, as far as they reach."""
    numbers = [int(each["ingest_sequence"]) for each in (*events, *failed)]
    rows = {EVENTS.name: list(events), IDENTIFIES.name: [], FAILED_RECORDS.name: list(failed)}
    return Batch(SHARD, claim or Range(min(numbers), max(numbers)), rows)


def batch(first: int, last: int, shard: str = SHARD) -> Batch:
    """Return the rows of one event in every record from ``first`` to ``last`` of a shard."""
    rows = [row(number) | {"ingest_shard": shard} for number in range(first, last + 1)]
    return replace(batch_of(*rows), shard=shard)


def table(store: MemoryStore, watch: Watch = unwatched) -> MemoryTable:
    """Return a process's view of an events table."""
    return MemoryTable(store, EVENTS, watch)


def sequences(store: MemoryStore) -> list[int]:
    """Return where every row of a table comes from, in order."""
    return sorted(int(row["ingest_sequence"]) for row in store.rows)


def state(store: MemoryStore, shard: str = SHARD) -> ShardState:
    """Return what a table says of a shard."""
    return ShardState.of(store.metadata.properties, property_name(GROUP, shard))


class MemoryLake:
    """Every table of the contract in memory; ``rules`` are those of its next writers."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.rules = rules
        self.stores = {table.name: MemoryStore() for table in TABLES}

    @property
    def events(self) -> MemoryStore:
        """The table of events."""
        return self.stores[EVENTS.name]

    @property
    def failed(self) -> MemoryStore:
        """The table of failed records."""
        return self.stores[FAILED_RECORDS.name]

    def publisher(self, watch: Watch = unwatched, group: str = GROUP) -> Publisher:
        """Return the publisher of a process of its own, which never waits."""
        tables = {
            table.name: MemoryTable(self.stores[table.name], table, watch) for table in TABLES
        }
        return Publisher(tables, group, now, lambda _: None)

    def writer(self, watch: Watch = unwatched) -> Writer:
        """Return a writer of a process of its own, without threads."""
        publisher = self.publisher(watch)
        return Writer(lambda: publisher, self.rules, now, Inline())


class Once:
    """Does something the first time that a step comes to a moment."""

    def __init__(self, step: Step, moment: Phase, action: Callable[[], object]) -> None:
        self._at = (step, moment)
        self._action: Callable[[], object] | None = action

    def __call__(self, step: Step, moment: Phase) -> None:
        action = self._action
        if action is not None and (step, moment) == self._at:
            self._action = None
            action()


class Nth:
    """Does something the n-th time that a step comes to a moment, from 1."""

    def __init__(
        self, step: Step, moment: Phase, number: int, action: Callable[[], object]
    ) -> None:
        self._at = (step, moment)
        self._left = number
        self._action = action

    def __call__(self, step: Step, moment: Phase) -> None:
        if (step, moment) == self._at:
            self._left -= 1
            if self._left == 0:
                self._action()


class Always:
    """Does something every time that a step comes to a moment."""

    def __init__(self, step: Step, moment: Phase, action: Callable[[], object]) -> None:
        self._at = (step, moment)
        self._action = action

    def __call__(self, step: Step, moment: Phase) -> None:
        if (step, moment) == self._at:
            self._action()


class Both:
    """Does as one and then as the other."""

    def __init__(self, one: Watch, other: Watch) -> None:
        self._one = one
        self._other = other

    def __call__(self, step: Step, moment: Phase) -> None:
        self._one(step, moment)
        self._other(step, moment)


def failing(error: Exception) -> Callable[[], None]:
    """Return an action that raises."""

    def fail() -> None:
        raise error

    return fail
