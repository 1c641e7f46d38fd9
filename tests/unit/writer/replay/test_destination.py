import pytest

from headwater_writer.replay.destination import created_objects

KEY = "aws/lambda/5f0a7c1e/shardId-000000000000/2026/01/31/2026-01-31T13.37.00-0b5e a+b"


def notification(*keys: str) -> dict[str, object]:
    """Return what is looked at of a notification, with the rest of one record's shape."""
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "us-east-1",
                "eventTime": "2026-01-31T13:37:00.000Z",
                "eventName": "ObjectCreated:Put",
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "bucket": {"name": "sample-data", "arn": "arn:aws:s3:::sample-data"},
                    "object": {"key": key, "size": 1024, "sequencer": "00"},
                },
            }
            for key in keys
        ]
    }


def test_names_the_objects_that_were_created() -> None:
    event = notification("aws/lambda/one", "aws/lambda/two")

    assert list(created_objects(event)) == [
        ("sample-data", "aws/lambda/one"),
        ("sample-data", "aws/lambda/two"),
    ]


def test_decodes_keys() -> None:
    encoded = KEY.replace("+", "%2B").replace(" ", "+")

    assert list(created_objects(notification(encoded))) == [("sample-data", KEY)]


def test_refuses_an_event_of_another_kind() -> None:
    with pytest.raises(KeyError):
        list(created_objects({"source": "aws.s3"}))
