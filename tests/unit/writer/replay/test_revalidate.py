import uuid
from datetime import datetime
from typing import Any

import pytest

from headwater_collector.parse import Body
from headwater_collector.validation import validate, validate_all
from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import Failure, Position, Received, ReceivedRecord
from headwater_contract.limits import MAX_BATCH_MESSAGES, MAX_MESSAGE_BYTES
from headwater_contract.stream_record import pack
from headwater_writer.replay.revalidate import made_up_id, revalidate
from headwater_writer.rows.rows import Row, Rules
from headwater_writer.writer import rows_of
from unit.writer.builders import ENVELOPE, NOW, RECEIVED, SHARD, body, entry, record

REFUSAL = "an older contract refused it"


def failed(data: bytes) -> list[Row]:
    return rows_of([ReceivedRecord(SHARD, "7", data)], Rules(), NOW)["failed_records"]


def refused(message: bytes) -> Row:
    [data] = pack(ENVELOPE, [Entry(message, refusal=REFUSAL)])
    [row] = failed(data)
    return row


def as_read(row: Row) -> Row:
    """Return a row as the table gives it back: its times without a zone."""
    return {
        name: value.replace(tzinfo=None) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def revalidated(row: Row) -> Received | Failure:
    [item] = revalidate(as_read(row))
    return item


def accepted(row: Row) -> Entry:
    item = revalidated(row)
    assert isinstance(item, Received)
    return item.entry


def reason(row: Row) -> str:
    item = revalidated(row)
    assert isinstance(item, Failure)
    return item.reason


def test_accepts_a_refused_message_that_the_contract_takes_now() -> None:
    message = body(type="track", messageId="m-1")

    assert revalidated(refused(message)) == Received(
        Entry(message, "track", "m-1"), ENVELOPE, Position(SHARD, "7", 0)
    )


def test_takes_a_message_with_an_event_and_no_type_for_a_track_call() -> None:
    assert accepted(refused(body(messageId="m-1"))).message_type == "track"


def test_remembers_the_type_that_the_route_said() -> None:
    [data] = pack(ENVELOPE, [Entry(b'{"userId":"u","messageId":"m-1"}', "page", refusal=REFUSAL)])
    [row] = failed(data)

    assert accepted(row).message_type == "page"


@pytest.mark.parametrize(("given", "event_id"), [(17, "17"), (0, "0"), ("m", "m")])
def test_reads_the_id_of_a_message(given: str | int, event_id: str) -> None:
    assert accepted(refused(body(messageId=given))).event_id == event_id


@pytest.mark.parametrize("given", [{}, {"messageId": ""}, {"messageId": None}])
def test_makes_up_the_same_id_each_time(given: dict[str, Any]) -> None:
    row = refused(body(**given))

    assert accepted(row).event_id == accepted(row).event_id


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (b'{"type":"page"}', "userId and anonymousId are both missing"),
        (b'{"userId":"u"}', "type '' is unknown"),
        (body(type="no such type"), "type 'no such type' is unknown"),
        (body(timestamp="soon"), "timestamp 'soon' is not"),
        (b"{", "cannot be read"),
        (b"[]", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b'{"userId":{}}', "cannot be read"),
        (body(text="x" * MAX_MESSAGE_BYTES), "send at most 32768"),
    ],
)
def test_says_why_a_message_is_still_refused(message: bytes, words: str) -> None:
    assert words in reason(refused(message))


def too_long_a_batch(*more: bytes) -> list[Entry]:
    """Return the entries that the collector makes of a batch that has some messages too many."""
    fits = [body(type="track", messageId="m")] * MAX_BATCH_MESSAGES
    return [each.entry for each in validate_all(Body([*fits, *more]), validate)]


def test_takes_the_messages_that_a_batch_had_too_many() -> None:
    more = [body(type="track", messageId="a"), b'{"type":"page"}', body(event="e", messageId="b")]
    data = list(pack(ENVELOPE, too_long_a_batch(*more)))
    [row] = failed(data[-1])

    first, without_user, last = revalidate(as_read(row))

    assert isinstance(first, Received)
    assert isinstance(without_user, Failure)
    assert isinstance(last, Received)
    assert first.entry == Entry(more[0], "track", "a")
    assert first.position.index == row["ingest_index"]
    assert "both missing" in without_user.reason
    assert last.entry == Entry(more[2], "track", "b")
    assert last.position.index == row["ingest_index"] + 2


def test_keeps_a_rest_whole_that_is_not_a_list() -> None:
    [*_, rest] = too_long_a_batch(b"{")
    [row] = failed(next(pack(ENVELOPE, [rest])))

    assert "cannot be read" in reason(row)


def test_takes_no_other_list_for_messages() -> None:
    assert "cannot be read" in reason(refused(b"[%b]" % body(type="track", messageId="m")))


def test_gives_back_a_message_that_could_not_be_shaped() -> None:
    [row] = failed(record(7, entry("m-0"), Entry(b"{", "identify", "m-1")).data)

    assert revalidated(row) == Received(
        Entry(b"{", "identify", "m-1"), ENVELOPE, Position(SHARD, "7", 1)
    )


def test_reads_a_record_that_could_not_be_read() -> None:
    [row] = failed(b"poison")
    [data] = pack(ENVELOPE, [entry("m-0"), Entry(body(messageId="m-1"), refusal=REFUSAL)])

    items = list(revalidate(as_read(row) | {"raw": data}))

    assert items == [
        Received(entry("m-0"), ENVELOPE, Position(SHARD, "7", 0)),
        Received(Entry(body(messageId="m-1"), "track", "m-1"), ENVELOPE, Position(SHARD, "7", 1)),
    ]


def test_says_why_a_record_can_still_not_be_read() -> None:
    [row] = failed(b"poison")

    assert "not Headwater's" in reason(row)


def test_makes_do_without_the_envelope_of_an_older_row() -> None:
    row = refused(body(messageId="m-1")) | {"envelope": None}

    item = revalidated(row)

    assert isinstance(item, Received)
    assert item.envelope.received_at == RECEIVED
    assert item.envelope.app_id == "shop"


def test_makes_up_uuids_of_version_7() -> None:
    ids = [made_up_id(RECEIVED, Position(SHARD, str(number), 0)) for number in range(50)]

    assert {uuid.UUID(each).version for each in ids} == {7}
    assert {uuid.UUID(each).variant for each in ids} == {uuid.RFC_4122}
    assert {uuid.UUID(each).int >> 80 for each in ids} == {int(RECEIVED.timestamp() * 1000)}
    assert len(set(ids)) == 50
