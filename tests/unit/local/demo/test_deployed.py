"""The demo's visitors on a stack; a function in memory stands for that of AWS."""

import gzip
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Self, cast
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from headwater_local import cli
from headwater_local.commands import demo as command
from headwater_local.demo import archive, deployed
from headwater_local.errors import DemoError, FunctionFailedError, OutputsError

OUTPUTS = {
    "athena_workgroup": {"value": "sample"},
    "glue_database_name": {"value": "sample_db"},
    "demo_backfill": {"value": {"source": "s3://sample-data/demo/", "function": "sample-replay"}},
}
SIZE = ("--days=60", "--visitors=600")


@dataclass
class Aws:
    """A bucket, and a function that writes each line of an object once."""

    answer: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    error: str | None = None
    objects: dict[str, bytes] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    rows: set[bytes] = field(default_factory=set)

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803
        self.objects[f"s3://{Bucket}/{Key}"] = Body

    def delete_object(self, Bucket: str, Key: str) -> None:  # noqa: N803
        del self.objects[f"s3://{Bucket}/{Key}"]

    def invoke(self, FunctionName: str, Payload: str) -> Mapping[str, Any]:  # noqa: N803
        assert FunctionName == "sample-replay"
        report = (self.answer or self.backfill)(json.loads(Payload))
        said = {"Payload": io.BytesIO(json.dumps(report).encode())}
        return {**said, "FunctionError": self.error} if self.error else said

    def backfill(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        self.sources.append(event["backfill"]["source"])
        lines = set(gzip.decompress(self.objects[self.sources[-1]]).splitlines())
        new = lines - self.rows
        self.rows |= new
        counts = {"replayed": len(new), "already": len(lines) - len(new), "set_aside": 0}
        return {**counts, "failing": {}, "then": None}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    made = Aws()
    monkeypatch.setattr(deployed, "clients", lambda: (made, made))
    return made


def demo(outputs: Mapping[str, Any] = OUTPUTS) -> Result:
    document = json.dumps(outputs)
    return CliRunner().invoke(cli.commands, ["demo", *SIZE, "--outputs", "-"], input=document)


def test_every_visitor_is_written_piece_by_piece(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployed, "PIECE_LINES", 5_000)

    result = demo()

    assert len(aws.sources) > 1
    folders = {source.rpartition("/")[0] for source in aws.sources}
    assert len(folders) == 1
    assert folders.pop().startswith("s3://sample-data/demo/")
    assert [source.rpartition("/")[2] for source in aws.sources] == [
        f"visits-{number:05}.jsonl.gz" for number in range(len(aws.sources))
    ]
    assert f"written {len(aws.rows):,} events, 0 were there" in result.output
    assert {json.loads(row)["app_id"] for row in aws.rows} == {"demo"}


def test_nothing_is_left_in_the_bucket(aws: Aws) -> None:
    demo()

    assert aws.sources
    assert aws.objects == {}


def test_two_who_fill_a_stack_at_once_have_pieces_of_their_own(aws: Aws) -> None:
    demo()
    first = set(aws.sources)
    aws.sources.clear()

    demo()

    assert first.isdisjoint(aws.sources)


def test_says_what_the_stack_would_not_write(aws: Aws) -> None:
    reason = "the tracking plan has no `order_paid`"
    aws.answer = lambda event: {**aws.backfill(event), "failing": {reason: 2}}

    result = demo()

    assert result.exit_code == 1
    assert f"not written    {2 * len(aws.sources):,}" in result.output
    assert reason in result.output


def test_asks_for_more_if_nobody_came(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "lines", lambda _: iter(()))

    error = demo().exception

    assert isinstance(error, DemoError)
    assert "--visitors" in str(error)
    assert aws.sources == []


def test_a_second_run_writes_only_what_is_new(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "datetime", Noon)
    demo()
    first = len(aws.rows)
    monkeypatch.setattr(command, "datetime", AnHourLater)

    result = demo()

    assert f"written {len(aws.rows) - first:,} events, {first:,} were there" in result.output
    assert len(aws.rows) > first


class Noon(datetime):
    """A clock that stands still, since at midnight a day begins and another leaves the demo."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2026, 3, 29, 12, tzinfo=tz)


class AnHourLater(Noon):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2026, 3, 29, 13, tzinfo=tz)


@pytest.mark.usefixtures("aws")
def test_says_how_to_ask_the_stack() -> None:
    assert "--athena sample --database sample_db" in demo().output


def test_goes_on_where_the_function_had_too_little_time(aws: Aws) -> None:
    def hasty(event: Mapping[str, Any]) -> Mapping[str, Any]:
        report = aws.backfill(event)
        is_begun = "after" in event["backfill"]
        rest = {"backfill": {**event["backfill"], "after": ["", 1]}}
        return {**report, "then": None if is_begun else rest}

    aws.answer = hasty

    result = demo()

    assert result.exit_code == 0
    assert len(aws.sources) == 2 * len(set(aws.sources))


def test_a_report_of_an_error_ends_it(aws: Aws) -> None:
    aws.answer = lambda _: {"error": "the tables could not be read or written"}

    error = demo().exception

    assert isinstance(error, FunctionFailedError)
    assert "could not be read" in str(error)
    assert "to go on, run it again" in str(error)
    assert aws.objects == {}


def test_a_function_that_fails_ends_it(aws: Aws) -> None:
    aws.answer = lambda _: {"errorMessage": "Task timed out"}
    aws.error = "Unhandled"

    error = demo().exception

    assert isinstance(error, FunctionFailedError)
    assert "sample-replay failed: Task timed out" in str(error)
    assert "to go on, run it again" in str(error)


def test_what_aws_refuses_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    error = demo().exception

    assert isinstance(error, DemoError)
    assert "set AWS_REGION" in str(error)


def test_a_right_that_is_lacking_is_named(aws: Aws) -> None:
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "PutObject")
    aws.put_object = Mock(side_effect=denied)  # type: ignore[method-assign]

    error = demo().exception

    assert isinstance(error, DemoError)
    assert "you may not call PutObject" in str(error)
    assert "to go on, run it again" in str(error)


def test_a_stack_without_a_demo_is_told_how_to_have_one() -> None:
    rest = {name: output for name, output in OUTPUTS.items() if name != "demo_backfill"}

    error = demo(rest).exception

    assert isinstance(error, DemoError)
    assert "demo = { enabled = true }" in str(error)


def test_refuses_what_terraform_does_not_print() -> None:
    assert isinstance(demo(cast("Any", [])).exception, OutputsError)
