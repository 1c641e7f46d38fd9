"""A run of stream records becomes committed rows: decode, shape, publish to each table."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

import msgspec

from headwater_contract.ip_policy import IpPolicy
from headwater_contract.kinesis_event import Failure, Position, Received, ReceivedRecord, decode
from headwater_contract.ranges import Range
from headwater_contract.redaction import envelope_by_policy, message_by_policy
from headwater_contract.stream_record import header_line
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES, TABLES
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.publish.publisher import Publisher
from headwater_writer.rows.message import UnshapeableError
from headwater_writer.rows.rows import Row, Rules, shape

Rows = Mapping[str, list[Row]]
"""The rows of each table, by its name."""

MAX_REASON: Final = 500
"""Characters of a reason: what it quotes of a hostile record may be as long as the record."""

SET_ASIDE: Final = "an earlier attempt at its batch set the message aside: replay it"


def _ignore(_unread: Mapping[str, int]) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes chunks of stream records, by the rules. ``now`` is the clock, aware UTC.

    ``publisher`` returns what commits them; it may have to wait for that. ``background`` reads
    ``events`` while messages are being shaped. ``report_unread`` hears how often a batch's messages
    hold something from which no column could be filled, by the field's name.
    """

    publisher: Callable[[], Publisher]
    rules: Rules
    now: Callable[[], datetime]
    background: Executor = field(default_factory=partial(ThreadPoolExecutor, max_workers=1))
    report_unread: Callable[[Mapping[str, int]], None] = _ignore

    def write(self, records: Sequence[ReceivedRecord]) -> Mapping[str, Published]:
        """Commit what the records hold; they are of one shard, in its order, without gaps.

        Raises:
            LedgerError: a property of a table is not valid.
            PublishError: a commit to a table failed; retrying is safe.
        """
        reading = self.background.submit(lambda: self.publisher().head())
        try:
            batch = self._batch(records)
            return self.publisher().write(batch, reading.result())
        finally:
            # Lambda may freeze the process as soon as the batch is over.
            wait([reading])
            # An error that it ended with leads to this frame, and the frame to all of the batch's
            # rows: if it led back to the error, they would stay until the next collection.
            del reading

    def write_late(self, records: Sequence[ReceivedRecord]) -> Mapping[str, Published]:
        """Commit what the records hold and the tables lack; they are of one shard, in its order.

        For records that the writer may have skipped, or partly written.

        Raises:
            LedgerError: a property of a table is not valid.
            PublishError: a commit to a table failed; retrying is safe.
        """
        batch = self._batch(records)
        return self.publisher().write_late(batch)

    def _batch(self, records: Sequence[ReceivedRecord]) -> Batch:
        shaping = _Shaping(self.rules, self.now())
        for record in records:
            shaping.add_all(decode(record))
        if shaping.unread:
            self.report_unread(shaping.unread)
        set_aside = partial(self._set_aside, records)
        return Batch(records[0].shard, _claim(records), shaping.rows, set_aside)

    def _set_aside(
        self, records: Sequence[ReceivedRecord], positions: Collection[tuple[str, int]]
    ) -> list[Row]:
        """Return failed records for messages that are rows by these rules, and must not be."""
        now = self.now()
        return [
            _failed_row(
                Failure("retry", SET_ASIDE, item.entry.body, item.position, item), self.rules, now
            )
            for record in records
            for item in decode(record)
            if isinstance(item, Received)
            and (item.position.sequence, item.position.index) in positions
        ]


def rows_of(records: Iterable[ReceivedRecord], rules: Rules, now: datetime) -> Rows:
    """Return the rows of every table: each message of the records is in one or the other."""
    return rows_of_messages((item for record in records for item in decode(record)), rules, now)


def rows_of_messages(items: Iterable[Received | Failure], rules: Rules, now: datetime) -> Rows:
    """Return the rows of every table that messages become."""
    shaping = _Shaping(rules, now)
    shaping.add_all(items)
    return shaping.rows


def _claim(records: Sequence[ReceivedRecord]) -> Range:
    return Range(int(records[0].sequence), int(records[-1].sequence))


@dataclass(frozen=True, slots=True)
class _Shaping:
    """Rows in the making. ``unread`` counts the fields that no column could be filled of."""

    rules: Rules
    now: datetime
    rows: Mapping[str, list[Row]] = field(
        default_factory=lambda: {table.name: [] for table in TABLES}
    )
    unread: Counter[str] = field(default_factory=Counter)

    def add_all(self, items: Iterable[Received | Failure]) -> None:
        for item in items:
            if isinstance(item, Failure):
                self._fail(item)
            else:
                self._add(item)

    def _add(self, item: Received) -> None:
        try:
            shaped = shape(item.entry, item.envelope, self.rules)
        except UnshapeableError as error:
            self._fail(Failure(error.stage, str(error), item.entry.body, item.position, item))
            return
        written = {"load_time": self.now} | _position(item.position)
        # In place: to copy a row takes a quarter of the time of making it.
        shaped.event.update(written)
        self.rows[EVENTS.name].append(shaped.event)
        if shaped.identify is not None:
            shaped.identify.update(written)
            self.rows[IDENTIFIES.name].append(shaped.identify)
        if shaped.unread:
            self.unread.update(shaped.unread)

    def _fail(self, failure: Failure) -> None:
        self.rows[FAILED_RECORDS.name].append(_failed_row(failure, self.rules, self.now))


def _failed_row(failure: Failure, rules: Rules, now: datetime) -> Row:
    message = failure.message and _by_policy(failure.message, rules.ip_policy)
    return {
        "failed_at": now,
        "stage": failure.stage,
        "reason": failure.reason[:MAX_REASON],
        "raw": message.entry.body if message else failure.raw,
        "app_id": message and message.envelope.app_id,
        "server_event_time": message and message.envelope.received_at,
        "envelope": message and header_line(message.envelope, [message.entry]),
    } | _position(failure.position)


def _by_policy(message: Received, policy: IpPolicy) -> Received:
    # The policy holds for whatever the writer keeps of a message that it could read.
    body = message_by_policy(message.entry.body, policy)
    entry = msgspec.structs.replace(message.entry, body=body)
    return Received(entry, envelope_by_policy(message.envelope, policy), message.position)


def _position(position: Position) -> Row:
    return {
        "ingest_shard": position.shard,
        "ingest_sequence": position.sequence,
        "ingest_index": position.index,
    }
