import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import (
    MAX_TRANSIT,
    Failure,
    Position,
    Received,
    ReceivedRecord,
    decode,
    received_records,
)
from headwater_contract.limits import MAX_UNPACKED_RECORD_BYTES
from headwater_contract.stream_record import pack
from unit.writer.builders import ENVELOPE, NOW, SHARD, entry, kinesis_event, record

OTHER_SHARD = "clicks/shardId-000000000001"


def foreign(data: bytes) -> ReceivedRecord:
    return ReceivedRecord(SHARD, "7", data)


def test_reads_the_records_of_an_invocation() -> None:
    records = [record(1), record(2, shard=OTHER_SHARD)]

    assert received_records(kinesis_event(records)) == records


def test_knows_when_the_stream_took_a_record() -> None:
    [received] = received_records(kinesis_event([record(1)]))

    assert received.arrived_at == NOW


def received_at(claimed: datetime, arrived_at: datetime | None) -> datetime:
    """Return the time of arrival that a record's message is given."""
    [data] = pack(Envelope(claimed, "shop"), [entry()])
    [item] = decode(ReceivedRecord(SHARD, "7", data, arrived_at))
    assert isinstance(item, Received)
    return item.envelope.received_at


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
@example(datetime.min.replace(tzinfo=UTC), NOW)
@example(datetime.max.replace(tzinfo=UTC), NOW)
def test_believes_no_arrival_more_than_a_day_from_the_streams(
    claimed: datetime, arrived_at: datetime
) -> None:
    believed = received_at(claimed, arrived_at)

    assert believed == min(max(claimed, arrived_at - MAX_TRANSIT), arrived_at + MAX_TRANSIT)


@pytest.mark.parametrize("transit", [timedelta(), timedelta(hours=-24), timedelta(hours=24)])
def test_keeps_an_arrival_within_a_day_of_the_streams(transit: timedelta) -> None:
    assert received_at(NOW + transit, NOW) == NOW + transit


def test_keeps_an_arrival_if_the_streams_is_not_known() -> None:
    claimed = datetime(1970, 1, 1, tzinfo=UTC)

    assert received_at(claimed, None) == claimed


def test_refuses_an_event_of_another_source() -> None:
    with pytest.raises(KeyError):
        received_records({"source": "aws.events"})


def from_source(arn: str) -> dict[str, Any]:
    event = kinesis_event([record(1)])
    event["Records"][0]["eventSourceARN"] = arn
    return event


@pytest.mark.parametrize(
    "suffix",
    ["", "/consumer/fast:1700000000", "/consumer/a.b-c_d:1", "/consumer/fast:1/anything:else"],
)
@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_names_the_stream_whatever_reads_from_it(partition: str, suffix: str) -> None:
    arn = f"arn:{partition}:kinesis:eu-west-1:123456789012:stream/web.clicks-2_b{suffix}"

    [received] = received_records(from_source(arn))

    assert received.shard == "web.clicks-2_b/shardId-000000000000"


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "clicks",
        "arn:aws:kinesis:eu-west-1:123456789012:stream/",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/clicks/stream/2026-01-31T13:37:05.000",
    ],
)
def test_refuses_records_of_anything_but_a_kinesis_stream(arn: str) -> None:
    with pytest.raises(ValueError, match="is not the ARN of a Kinesis stream"):
        received_records(from_source(arn))


def test_gives_every_message_its_position() -> None:
    items = list(decode(record(7, entry("a"), entry("b"))))

    assert items == [
        Received(entry("a"), ENVELOPE, Position(SHARD, "7", 0)),
        Received(entry("b"), ENVELOPE, Position(SHARD, "7", 1)),
    ]


def test_sets_aside_what_the_collector_refused() -> None:
    refused = Entry(b"{}", refusal="event is missing")
    position = Position(SHARD, "7", 0)

    [item] = decode(record(7, refused))

    message = Received(refused, ENVELOPE, position)
    assert item == Failure("collector", "event is missing", b"{}", position, message)


def test_counts_refused_messages_among_the_others() -> None:
    items = list(decode(record(7, Entry(b"{}", refusal="no"), entry("b"))))

    assert [item.position.index for item in items] == [0, 1]


PACKED = record(1, *(entry(f"m-{number}", text="x" * 90) for number in range(20))).data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not ours",
        b"{}",
        b'{"v":2}\n',
        b"\x1f\x8b",
        b"\x1f\x8b" + bytes(40),
        b"\x00\x01\x02",
        b"\xff\xfe",
        pytest.param(b"[" * 100_000, id="too deep"),
        PACKED[:-1],
        PACKED[: len(PACKED) // 2],
        PACKED[:200] + b"?" + PACKED[201:],
        pytest.param(gzip.compress(b"not ours either" * 100), id="gzip of other text"),
        pytest.param(gzip.compress(bytes(MAX_UNPACKED_RECORD_BYTES + 1)), id="gzip of too much"),
    ],
)
def test_sets_aside_a_record_that_cannot_be_read_with_its_bytes(data: bytes) -> None:
    [item] = decode(foreign(data))

    assert isinstance(item, Failure)
    assert (item.stage, item.raw) == ("decode", data)
    assert item.position == Position(SHARD, "7", 0)
    assert item.reason.startswith("the record")
