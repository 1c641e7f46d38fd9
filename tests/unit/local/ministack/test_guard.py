import asyncio
from typing import Any

import pytest

from headwater_local.ministack.guard import Guard, refusal

HOST = ("host", "127.0.0.1:4566")


class Application:
    """Remembers what was passed on to it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, scope: Any, _receive: Any, _send: Any) -> None:  # noqa: ANN401 -- ASGI
        self.asked.append(scope["type"])


def _ask(application: Application, **scope: object) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("a request that is refused is not read")

    async def send(message: Any) -> None:  # noqa: ANN401 -- ASGI
        sent.append(message)

    asyncio.run(Guard(application)({"headers": [], **scope}, receive, send))
    return sent


def test_passes_on_what_the_route_asks() -> None:
    application = Application()

    sent = _ask(application, type="http", path="/", headers=[(b"host", b"127.0.0.1:4566")])

    assert (application.asked, sent) == (["http"], [])


def test_refuses_a_web_page_with_a_sentence() -> None:
    application = Application()
    headers = [(b"host", b"127.0.0.1:4566"), (b"origin", b"http://127.0.0.1:8000")]

    start, body = _ask(application, type="http", path="/", headers=headers)

    assert (application.asked, start["status"]) == ([], 403)
    assert b"answers no web page" in body["body"]


def test_opens_no_web_socket() -> None:
    application = Application()

    sent = _ask(application, type="websocket", path="/")

    assert (application.asked, sent) == ([], [{"type": "websocket.close"}])


def test_starts_and_stops_what_it_guards() -> None:
    application = Application()

    _ask(application, type="lifespan")

    assert application.asked == ["lifespan"]


@pytest.mark.parametrize(
    "target",
    [
        *("Kinesis_20131202.PutRecords", "AWSGlue.GetTable", "AWSGlue.GetDatabases"),
        *("AWSGlue.UpdateTable", "AWSGlue.BatchDeleteTable", "AWSGlue.GetTableVersions"),
        *("DynamoDB_20120810.BatchWriteItem", "secretsmanager.GetSecretValue"),
    ],
)
def test_the_stream_and_the_catalog_are_used(target: str) -> None:
    assert refusal("/", [HOST, ("x-amz-target", target)]) is None


@pytest.mark.parametrize(
    "target",
    [
        *("AWSGlue.StartJobRun", "AWSGlue.CreateJob", "AWSGlue.CreateSession"),
        *("AWSGlue.RunStatement", "AWSGlue.StartCrawler", "AWSGlue.GetTable.StartJobRun"),
        *("Kinesis_20131202", "KinesisAnalytics_20180523.CreateApplication", ""),
        *("DynamoDB_20120810.DeleteTable", "secretsmanager.ListSecrets"),
        *("AmazonSSM.SendCommand", "CodeBuild_20161006.StartBuild", "kinesis_20131202.PutRecords"),
    ],
)
def test_nothing_that_runs_code_is_used(target: str) -> None:
    assert refusal("/", [HOST, ("x-amz-target", target)]) is not None


@pytest.mark.parametrize("path", ["/", "/headwater-data", "/headwater-data/_temporary/x"])
def test_objects_are_used(path: str) -> None:
    assert refusal(path, [HOST]) is None


@pytest.mark.parametrize(
    "path", ["/_ministack/config", "/_ministack/health/", "/_localstack/x", "/_aws/lambda"]
)
def test_the_stand_ins_own_paths_are_not(path: str) -> None:
    assert refusal(path, [HOST]) is not None
