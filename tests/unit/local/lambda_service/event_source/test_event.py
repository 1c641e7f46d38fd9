import base64

from hypothesis import given
from hypothesis import strategies as st

from headwater_local.lambda_service.event_source.event import (
    EMPTY_EVENT_BYTES,
    PayloadMeter,
    encode,
    kinesis_event,
)
from headwater_local.lambda_service.event_source.stream import Record
from unit.local.lambda_service.event_source.builders import SHARD, mapping

_RECORDS = st.builds(
    Record,
    sequence_number=st.integers(0, 10**56).map(str),
    partition_key=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    data=st.binary(max_size=50),
    arrived_at=st.floats(1e9, 2e9),
)


def test_has_the_fields_that_lambda_documents() -> None:
    record = Record("495903382714", "user-1", b"Hello", 1_545_084_650.987)

    event = kinesis_event(mapping(), "shardId-000000000006", [record])

    assert event == {
        "Records": [
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": "user-1",
                    "sequenceNumber": "495903382714",
                    "data": base64.b64encode(b"Hello").decode(),
                    "approximateArrivalTimestamp": 1_545_084_650.987,
                },
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventID": "shardId-000000000006:495903382714",
                "eventName": "aws:kinesis:record",
                "invokeIdentityArn": "arn:aws:iam::123456789012:role/writer",
                "awsRegion": "eu-west-1",
                "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/events",
            }
        ]
    }


@given(st.lists(_RECORDS, min_size=1, max_size=5))
def test_meters_exactly_what_is_sent(records: list[Record]) -> None:
    meter = PayloadMeter(mapping(), SHARD)

    metered = EMPTY_EVENT_BYTES + sum(meter.bytes_of(record) for record in records) - len(",")

    assert metered == len(encode(kinesis_event(mapping(), SHARD, records)))
