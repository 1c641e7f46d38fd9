import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import pytest

from iam.recording import Message, Receive, Recorder, Send, description
from iam.requests import recorded

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=writer/20260131/eu-west-1/{}/aws4_request, "
    "SignedHeaders=host, Signature=0"
)


def scope(service: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- values of an ASGI scope
    headers = changes.pop("headers", {})
    signed = {"authorization": SIGNED.format(service), **headers}
    return {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in signed.items()],
        **changes,
    }


def test_says_whose_a_request_is_and_what_object_it_is_about() -> None:
    asked = scope("s3", method="GET", path="/data/lake/1", query_string=b"x-id=GetObject")

    assert description(asked, b"") == {
        "key": "writer",
        "region": "eu-west-1",
        "service": "s3",
        "operation": None,
        "method": "GET",
        "path": "/data/lake/1",
        "query": {"x-id": "GetObject"},
        "headers": {},
        "names": {},
    }


@pytest.mark.parametrize(
    ("service", "headers", "body", "operation", "names"),
    [
        (
            "glue",
            {"x-amz-target": "AWSGlue.UpdateTable"},
            json.dumps({"DatabaseName": "lake", "TableInput": {"Name": "events", "Owner": "x"}}),
            "UpdateTable",
            {"DatabaseName": "lake", "TableName": "events"},
        ),
        (
            "kinesis",
            {"x-amz-target": "Kinesis_20131202.PutRecords"},
            json.dumps({"StreamName": "events", "Records": [{"Data": "e30="}]}),
            "PutRecords",
            {"StreamName": "events"},
        ),
        (
            "dynamodb",
            {"x-amz-target": "DynamoDB_20120810.BatchWriteItem"},
            json.dumps({"RequestItems": {"hits": [{"PutRequest": {"Item": {}}}]}}),
            "BatchWriteItem",
            {"TableNames": ["hits"]},
        ),
        (
            "secretsmanager",
            {"x-amz-target": "secretsmanager.GetSecretValue"},
            json.dumps({"SecretId": "login"}),
            "GetSecretValue",
            {"SecretId": "login"},
        ),
        (
            "sns",
            {"content-type": "application/x-www-form-urlencoded; charset=utf-8"},
            "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns&Message=private",
            "Publish",
            {"TopicArn": "arn:aws:sns"},
        ),
    ],
)
def test_keeps_of_a_body_only_what_it_is_about(
    service: str, headers: dict[str, str], body: str, operation: str, names: dict[str, Any]
) -> None:
    described = description(scope(service, headers=headers), body.encode())

    assert described is not None
    assert (described["operation"], described["names"]) == (operation, names)


def test_lists_the_objects_that_are_deleted_at_once() -> None:
    body = (
        b'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        b"<Object><Key>lake/1</Key></Object><Object><Key>lake/a&amp;b</Key></Object></Delete>"
    )

    described = description(scope("s3", path="/data", query_string=b"delete"), body)

    assert described is not None
    assert described["names"] == {"Keys": ["lake/1", "lake/a&b"]}


def test_leaves_out_what_is_not_signed() -> None:
    assert description(scope("s3") | {"headers": []}, b"") is None


def test_notes_a_request_with_its_answer(tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    asked = scope("kinesis", headers={"x-amz-target": "Kinesis_20131202.ListShards"})

    with file.open("w") as recording:
        answered = asyncio.run(answers_of(asked, [b'{"StreamName":', b'"events"}'], recording))

    [request] = recorded(file)
    assert (request.operation, request.names) == ("ListShards", {"StreamName": "events"})
    assert request.status == 400
    assert [message["type"] for message in answered] == [
        "http.response.start",
        "http.response.body",
    ]


async def answers_of(asked: Message, chunks: Sequence[bytes], recording: TextIO) -> list[Message]:
    """Let an application refuse a request, and return its messages."""
    left, answered = list(chunks), []

    async def receive() -> Message:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Message) -> None:
        answered.append(message)

    async def application(_scope: Message, receive: Receive, send: Send) -> None:
        while (await receive())["more_body"]:
            pass
        await send({"type": "http.response.start", "status": 400, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    await Recorder(application, recording)(asked, receive, send)
    return answered
