"""All that the sinks of a stack do: each is given what the stream holds, by its own mapping."""

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.sinks.postgres_server import DATABASE
from iam.surroundings import Surroundings, invoke
from integration.sinks.postgres import Postgres
from integration.writer.writer_process import WriterProcess
from unit.writer.builders import RECEIVED, SHARD_ID, entry, record

READ_KEY: Final = "secret"
"""The key whose digest `terraform/stacks.tftest.hcl` gives to the history."""


def play(at: Surroundings) -> None:
    """Let every sink that the stack has make every kind of request that it makes."""
    for name, sink in {"archive": archive, "history": history, "counts": counts}.items():
        if name in at.stack.functions:
            sink(at)


def archive(at: Surroundings) -> None:
    """Let Firehose hand over what was refused, and more than an answer takes."""
    long = [entry(f"m-{number}", text="x" * 3500) for number in range(1000)]
    records = [
        record(1, Entry(b"{}", refusal="no")),
        record(2, *long),
        record(3, *long),
    ]
    with at.function("archive") as function:
        invoke(function, _firehose_event(at.stack.stream["arn"], records))


def history(at: Surroundings) -> None:
    """Write a page view, and read it."""
    at.put([_page_view()])
    with at.function("history") as function:
        _consume(at, "history", function)
    asked = {
        "headers": {"authorization": f"Bearer {READ_KEY}"},
        "queryStringParameters": {"path": "/"},
    }
    with at.function("history-api") as reader:
        answer = invoke(reader, asked)
    assert [item["pagePath"] for item in json.loads(answer["body"])["items"]] == ["/"], answer


def counts(at: Surroundings) -> None:
    """Count a page view, in a PostgreSQL whose login is in the secret that RDS would keep."""
    server = Postgres(at.folder / "postgres")
    server.start()
    try:
        at.put([_page_view()])
        where = {"POSTGRES_HOST": server.socket, "POSTGRES_DATABASE": DATABASE}
        with at.function("counts", **where, POSTGRES_SSL_MODE="prefer") as function:
            _consume(at, "counts", function)
        assert server.query("SELECT events > 0 FROM totals WHERE event_type = 'page_view'") == [
            (True,)
        ]
    finally:
        server.kill()


def _consume(at: Surroundings, role: str, function: WriterProcess) -> None:
    """Let a sink's mapping give up on all of the stream, and then hand it over."""

    def stored(event: KinesisEvent) -> object:
        return invoke(function, dict(event))

    at.give_up(role)
    at.deliver(role, stored)


def _page_view() -> bytes:
    """Return a record of now: the history leaves out what would be expired already."""
    body = b'{"userId": "ada", "properties": {"path": "/"}}'
    [data] = pack(Envelope(datetime.now(UTC), "shop"), [Entry(body, "page", "view")])
    return data


def _firehose_event(stream_arn: str, records: Iterable[ReceivedRecord]) -> dict[str, Any]:
    """Return an invocation of the shape that AWS documents for a Kinesis source."""
    given = [
        {
            "recordId": each.sequence,
            "data": base64.b64encode(each.data).decode(),
            "kinesisRecordMetadata": {
                "shardId": SHARD_ID,
                "sequenceNumber": each.sequence,
                "approximateArrivalTimestamp": int(RECEIVED.timestamp() * 1000),
            },
        }
        for each in records
    ]
    return {"sourceKinesisStreamArn": stream_arn, "records": given}
