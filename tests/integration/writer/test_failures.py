"""What fails is kept, told and replayed, on real Spark, Iceberg, S3 and SNS."""

import html
import json
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from types import ModuleType
from typing import Any, Final

import boto3
import httpx
import pytest
from aws_lambda_powertools import Logger

from headwater_contract import limits
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_local import aws_client, names
from headwater_local.lambda_service.driver_settings import laptop_mapping
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.event_source.on_failure import Condition, DiscardedBatch
from headwater_local.lambda_service.event_source.s3_on_failure import S3OnFailure
from headwater_local.lambda_service.event_source.stream import Record
from headwater_writer.backfill import run as backfill_run
from headwater_writer.process import Process, rules
from headwater_writer.replay import failed_rows
from headwater_writer.replay.destination import Destination
from headwater_writer.replay.filter import Filter
from headwater_writer.replay.outcome import Outcome
from headwater_writer.replay.run import batches, failed_records
from headwater_writer.settings import Settings
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import RECEIVED, SHARD, SHARD_ID, body, entry, record

pytestmark = SPARK

EVENTS: Final = 1000
POISON_EACH: Final = 100
BIG: Final = limits.MAX_STREAM_RECORD_BYTES
HOSTILE: Final = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1969-07-20", "2262-04-12"]

BRIEF: Final = 60
"""Seconds in which the replay function ends what it does, and begins nothing."""

EVERYTHING: Final = Filter()

STREAM: Final = SHARD.partition("/")[0]


@dataclass(frozen=True)
class Failures:
    """A writer whose failed records are reported, and where the reports are found."""

    place: Place
    settings: Settings
    process: Process
    queue: "Queue"

    @property
    def files(self) -> dict[str, list[dict[str, Any]]]:
        """The lines of every object beside the warehouse, by key."""
        s3 = aws_client.s3(self.place.endpoint)
        found = s3.list_objects_v2(Bucket=self.place.database, Prefix="failed_")["Contents"]
        return {each["Key"]: self._lines(each["Key"]) for each in found}

    def messages(self) -> list[dict[str, Any]]:
        """Take what the topic has delivered."""
        return [json.loads(body) for body in self.queue.bodies()]

    def replay(self, chosen: Filter = EVERYTHING, *, dry: bool = False) -> Outcome:
        """Put failed records through again, in a process of its own as far as tables can tell."""
        process = Process.on(self.place.spark, self.settings, rules(self.settings), _LOGGER)
        steps = failed_records(process, self.settings, chosen, dry=dry)
        return sum((step.outcome for step in steps), Outcome())

    def reprocess(self) -> Outcome:
        """Put batches through that were given up on."""
        process = Process.on(self.place.spark, self.settings, rules(self.settings), _LOGGER)
        destination = Destination(aws_client.s3(self.place.endpoint), self.place.database)
        steps = batches(destination, list(destination.waiting("given-up/")), process.writer)
        return sum((step.outcome for step in steps), Outcome())

    def positions(self) -> list[tuple[str, int]]:
        """Where every event comes from, in order."""
        found = self.place.rows("events").select(["ingest_sequence", "ingest_index"])
        return sorted((row["ingest_sequence"], row["ingest_index"]) for row in found.to_pylist())

    def _lines(self, key: str) -> list[dict[str, Any]]:
        s3 = aws_client.s3(self.place.endpoint)
        data = s3.get_object(Bucket=self.place.database, Key=key)["Body"].read()
        return [json.loads(line) for line in data.splitlines()]


_LOGGER = Logger(service="test", level="CRITICAL")


class Queue:
    """A queue of SQS on the stand-in, which takes no requests of its clients but their older form.

    Requests are those of "Making Query API requests" (Amazon SQS developer guide).
    """

    def __init__(self, endpoint: str, name: str) -> None:
        self._endpoint = endpoint
        self._name = name
        self._ask("CreateQueue", QueueName=name)

    @property
    def arn(self) -> str:
        """Its name in AWS."""
        return f"arn:aws:sqs:{names.REGION}:000000000000:{self._name}"

    def bodies(self) -> list[str]:
        """Return what it holds."""
        url = f"{self._endpoint}/000000000000/{self._name}"
        answer = self._ask("ReceiveMessage", QueueUrl=url, MaxNumberOfMessages="10")
        return [html.unescape(body) for body in re.findall("<Body>(.*?)</Body>", answer)]

    def _ask(self, action: str, **parameters: str) -> str:
        scope = f"x/20260131/{names.REGION}/sqs/aws4_request"
        answer = httpx.post(
            self._endpoint,
            data={"Action": action, "Version": "2012-11-05", **parameters},
            headers={"authorization": f"AWS4-HMAC-SHA256 Credential={scope}"},
            trust_env=False,
        )
        return answer.raise_for_status().text


@pytest.fixture
def failures(
    place: Place, writer_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Failures:
    for name, value in aws_client.environment(place.endpoint).items():
        monkeypatch.setenv(name, value)
    sns = boto3.client("sns", endpoint_url=place.endpoint)
    topic = sns.create_topic(Name=place.database)["TopicArn"]
    queue = Queue(place.endpoint, place.database)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn)
    settings = replace(
        Settings.from_environment(writer_environment | aws_client.environment(place.endpoint)),
        database=place.database,
        warehouse=place.warehouse,
        failed_records=f"s3://{place.database}",
        failures_topic=topic,
    )
    return Failures(
        place, settings, Process.on(place.spark, settings, rules(settings), _LOGGER), queue
    )


def hostile_batch() -> list[ReceivedRecord]:
    """Return good events of which many lie about the time, 1% poison, and a megabyte of it."""
    records = []
    for number in range(EVENTS):
        timestamp = HOSTILE[number % len(HOSTILE)] if number % 3 == 0 else None
        records.append(record(2 * number, entry(f"m-{number}", timestamp=timestamp)))
        if number % POISON_EACH == 0:
            records.append(ReceivedRecord(SHARD, str(2 * number + 1), b"poison %d" % number))
    big = Random(1).randbytes(BIG)  # noqa: S311
    return [*records, ReceivedRecord(SHARD, str(3 * EVENTS), big)]


def refused(sequence: int, *event_ids: str) -> ReceivedRecord:
    """Return a record of messages that an older contract refused, between two good ones."""
    envelope = Envelope(RECEIVED, "shop", ip="203.0.113.9", user_agent="curl/8.5.0")
    messages = [Entry(body(type="identify", messageId=each), refusal="no") for each in event_ids]
    good = [entry(f"first-{sequence}"), entry(f"last-{sequence}")]
    [data] = pack(envelope, [good[0], *messages, good[1]])
    return ReceivedRecord(SHARD, str(sequence), data)


def test_brings_a_hostile_batch_through_to_the_row(failures: Failures) -> None:
    published = failures.process.writer.write(hostile_batch())

    poisoned = EVENTS // POISON_EACH + 1
    assert published["events"].written == EVENTS
    assert published["failed_records"].written == poisoned
    assert failures.place.rows("events").num_rows == EVENTS
    assert failures.place.rows("failed_records").num_rows == poisoned


def test_keeps_failed_records_as_files_once(failures: Failures) -> None:
    unshapeable = record(8, Entry(b"{", "track", "m"))
    batch = [refused(7, "a"), unshapeable, ReceivedRecord(SHARD, "9", b"\xff")]

    failures.process.writer.write(batch)
    failures.process.writer.write(batch)

    name = f"{RECEIVED:%Y-%m-%d}/{SHARD}/7-9"
    told = ("stage", "sequence", "index", "raw_encoding")
    kept = {
        key.rpartition("-")[0]: [tuple(line[field] for field in told) for line in lines]
        for key, lines in failures.files.items()
    }
    assert kept == {
        f"failed_records/{name}": [
            ("collector", "7", 1, "utf-8"),
            ("decode", "9", 0, "base64"),
        ],
        f"failed_transformation_records/{name}": [("shape", "8", 0, "utf-8")],
    }


def test_sends_an_alert_with_counts_and_reasons(failures: Failures) -> None:
    failures.process.writer.write([ReceivedRecord(SHARD, "7", b"poison"), refused(8, "a")])

    [message] = failures.messages()
    assert message["Subject"] == "Headwater: 2 failed records"
    assert "decode: the record's header is not Headwater's" in message["Message"]
    assert f"s3://{failures.place.database}/failed_records/" in message["Message"]
    assert "poison" not in message["Message"]


def test_replays_after_a_fix_what_was_refused(failures: Failures) -> None:
    failures.process.writer.write([refused(7, "a", "b"), refused(9, "c"), record(11)])
    assert failures.positions() == [("11", 0), ("7", 0), ("7", 3), ("9", 0), ("9", 2)]

    dry = failures.replay(dry=True)
    outcome = failures.replay()

    assert dry == outcome == Outcome(replayed=3)
    assert failures.positions() == [
        *[("11", 0), ("7", 0), ("7", 1), ("7", 2), ("7", 3)],
        *[("9", 0), ("9", 1), ("9", 2)],
    ]
    replayed = failures.place.rows("identifies").to_pylist()
    assert sorted(row["event_id"] for row in replayed) == ["a", "b", "c"]
    assert {row["ip_address"] for row in replayed} == {"203.0.113.9"}
    assert {row["user_agent"] for row in replayed} == {"curl/8.5.0"}


def test_replays_nothing_twice(failures: Failures) -> None:
    failures.process.writer.write([refused(7, "a", "b")])
    failures.replay()
    before = failures.positions()

    assert failures.replay() == Outcome(already=2)
    assert failures.positions() == before
    assert failures.place.rows("failed_records").num_rows == 2


def test_replays_once_what_two_replay_at_once(failures: Failures) -> None:
    failures.process.writer.write([refused(number, f"m-{number}") for number in range(10, 30)])

    with ThreadPoolExecutor() as threads:
        outcomes = [threads.submit(failures.replay) for _ in range(2)]
        failures.process.writer.write([record(31)])

    assert sum(outcome.result().replayed for outcome in outcomes) == 20
    assert failures.positions() == [
        *[(str(number), index) for number in range(10, 30) for index in range(3)],
        ("31", 0),
    ]


def test_replays_records_that_can_be_read_after_a_fix(
    failures: Failures, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = [record(number) for number in (1, 3)]
    [long] = pack(Envelope(RECEIVED, "shop"), [entry("long", text="x" * 3000)] * 2)
    with monkeypatch.context() as before_the_fix:
        before_the_fix.setattr("headwater_contract.stream_record.MAX_UNPACKED_RECORD_BYTES", 1000)
        failures.process.writer.write([good[0], ReceivedRecord(SHARD, "2", long), good[1]])
    assert failures.positions() == [("1", 0), ("3", 0)]

    outcome = failures.replay()

    assert outcome == Outcome(replayed=1, already=1)
    assert failures.positions() == [("1", 0), ("2", 0), ("3", 0)]


def test_replays_what_the_filter_chooses(failures: Failures) -> None:
    failures.process.writer.write([refused(7, "a"), refused(8, "b")])

    outcome = failures.replay(Filter(stage="collector", sequence="8", since="2020-01-01"))

    assert outcome == Outcome(replayed=1)
    assert ("8", 1) in failures.positions()


def test_says_what_still_fails(failures: Failures) -> None:
    failures.process.writer.write([ReceivedRecord(SHARD, "7", b"poison"), record(8)])

    outcome = failures.replay()

    [(reason, count)] = outcome.failing.items()
    assert outcome == Outcome(failing=Counter([reason]))
    assert (count, reason.partition(":")[0]) == (1, "decode")


def given_up(place: Place, records: list[ReceivedRecord]) -> None:
    """Leave a batch at the on-failure destination, as the mapping does."""
    mapping = EventSourceMapping.from_description(laptop_mapping(STREAM, place.database))
    arrived = datetime.now(UTC) - timedelta(minutes=5)
    batch = DiscardedBatch(
        SHARD_ID,
        [Record(each.sequence, "k", each.data, arrived.timestamp()) for each in records],
        Condition.RETRY_ATTEMPTS_EXHAUSTED,
        11,
        function_failed=True,
        discarded_at=datetime.now(UTC).timestamp(),
    )
    S3OnFailure(aws_client.s3(place.endpoint), place.database, "given-up/", mapping).send(batch)


def test_reprocesses_what_the_mapping_gave_up_on(failures: Failures) -> None:
    batch = [record(3, entry("m-3", "identify")), ReceivedRecord(SHARD, "4", b"poison"), record(5)]
    writer = failures.process.writer
    for sequence in (1, 7):
        writer.write([record(sequence)])
    given_up(failures.place, batch)

    outcome = failures.reprocess()

    assert outcome == Outcome(replayed=2, set_aside=1)
    assert failures.positions() == [("1", 0), ("3", 0), ("5", 0), ("7", 0)]
    assert failures.place.sequences("failed_records") == [4]


def test_reprocesses_nothing_twice(failures: Failures) -> None:
    given_up(failures.place, [record(3)])
    failures.reprocess()

    assert failures.reprocess() == Outcome()
    s3 = aws_client.s3(failures.place.endpoint)
    [done] = s3.list_objects_v2(Bucket=failures.place.database, Prefix="replayed_batches/")[
        "Contents"
    ]
    assert done["Key"].startswith("replayed_batches/given-up/aws/lambda/")
    assert failures.positions() == [("3", 0)]


def test_writes_once_what_is_also_delivered(failures: Failures) -> None:
    batch = [record(3), record(4)]
    given_up(failures.place, batch)
    failures.reprocess()

    failures.process.writer.write(batch)

    assert failures.positions() == [("3", 0), ("4", 0)]


class Context:
    """What Lambda gives a function beside the event."""

    def __init__(self, seconds: int = 900) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return self._seconds * 1000


@pytest.fixture
def function(
    failures: Failures,
    writer_environment: dict[str, str],
    import_function: Callable[[str], ModuleType],
    monkeypatch: pytest.MonkeyPatch,
) -> ModuleType:
    """The replay function as its image imports it, but with the Spark that is there already."""
    told = {
        "GLUE_DATABASE": failures.place.database,
        "WAREHOUSE": failures.place.warehouse,
        "FAILED_BATCHES_PREFIX": f"s3://{failures.place.database}/given-up/",
    }
    for name, value in {**writer_environment, **told}.items():
        monkeypatch.setenv(name, value)
    return import_function("replay")


def report(done: int, of: int, then: object = None, **outcome: object) -> dict[str, object]:
    none = {"replayed": 0, "already": 0, "set_aside": 0, "failing": {}}
    return {"done": done, "of": of, **none, **outcome, "then": then}


def test_replays_for_an_operator(failures: Failures, function: ModuleType) -> None:
    failures.process.writer.write([refused(7, "a"), refused(8, "b")])
    some = {"stage": "collector", "reason": "NO", "sequence": "8"}

    dry = function.handler({"replay": {**some, "dry_run": True}}, Context())
    one = function.handler({"replay": some}, Context())
    both = function.handler({"replay": {}}, Context())

    assert dry == one == report(1, 1, replayed=1)
    assert both == report(2, 2, replayed=1, already=1)


def test_says_what_asks_for_the_rest(
    failures: Failures, function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failed_rows, "MAX_RUN_RECORDS", 1)
    failures.process.writer.write([refused(7, "a"), refused(8, "b")])
    event: dict[str, Any] = {"replay": {"stage": "collector"}}
    answers = []

    while event:
        answers.append(function.handler(event, Context(BRIEF)))
        event = answers[-1]["then"]

    assert [(answer["done"], answer["replayed"]) for answer in answers] == [(1, 1), (1, 1)]
    assert answers[0]["then"] == {"replay": {"stage": "collector", "after": (SHARD, "7")}}


@pytest.mark.parametrize(
    "asked",
    [
        {"where": "cast(reflect('java.lang.System', 'getenv', 'PATH') as int) = 1"},
        {"where": None},
        {"stage": "(select max(value) from text.`file:///etc/hostname`)"},
        {"from": "reflect('java.lang.System', 'getenv', 'PATH')"},
    ],
)
def test_starts_no_spark_for_what_it_does_not_understand(
    function: ModuleType, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    monkeypatch.setattr(function, "launch", pytest.fail)

    answer = function.handler({"replay": asked}, Context())

    assert list(answer) == ["error"]
    assert any(hint in answer["error"] for hint in ("stage, app, from", "decode, shape", "write"))


def test_says_in_its_own_words_that_the_lake_failed(
    failures: Failures, function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up(failures.place, [record(3)])
    elsewhere = replace(function._settings, database="no_such_database")
    monkeypatch.setattr(function, "_settings", elsewhere)

    by_an_operator = function.handler({"replay": {}}, Context())
    with pytest.raises(function.LakeFailedError) as by_the_schedule:
        function.handler({"given_up": {"alarm": True}}, Context())

    assert by_an_operator == {"error": function.LAKE_FAILED}
    assert str(by_the_schedule.value) == function.LAKE_FAILED


def test_reprocesses_what_waits_for_an_operator(failures: Failures, function: ModuleType) -> None:
    given_up(failures.place, [record(3)])
    note = "given-up/note.txt"
    s3 = aws_client.s3(failures.place.endpoint)
    s3.put_object(Bucket=failures.place.database, Key=note, Body=b"hello")

    first = function.handler({"given_up": {}}, Context())
    with pytest.raises(function.StillFailingError, match="it is not a batch"):
        function.handler({"given_up": {"alarm": True}}, Context())
    s3.delete_object(Bucket=failures.place.database, Key=note)
    nothing = function.handler({"given_up": {"alarm": True}}, Context())

    assert (first["done"], first["of"], first["replayed"]) == (2, 2, 1)
    assert list(first["failing"].values()) == [1]
    assert nothing == report(0, 0)
    assert failures.positions() == [("3", 0)]


def test_reprocesses_as_many_as_there_is_time_for(failures: Failures, function: ModuleType) -> None:
    for sequence in (3, 4):
        given_up(failures.place, [record(sequence)])

    first = function.handler({"given_up": {}}, Context(BRIEF))
    second = function.handler(first["then"], Context(BRIEF))

    assert (first["done"], first["of"]) == (1, 2)
    assert second == report(1, 1, replayed=1)
    assert failures.positions() == [("3", 0), ("4", 0)]


def test_backfills_what_the_time_allows_and_says_how_to_go_on(
    failures: Failures, function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_run, "RUN_MESSAGES", 2)
    lines = [body(type="track", messageId=f"m-{number}") for number in range(3)] + [b"{}"]
    aws_client.s3(failures.place.endpoint).put_object(
        Bucket=failures.place.database, Key="exports/a.jsonl", Body=b"\n".join(lines)
    )
    asked = {"source": f"s3://{failures.place.database}/exports/", "app": "shop"}
    event: dict[str, Any] | None = {"backfill": asked}
    answers = []

    while event:
        answers.append(function.handler(event, Context(BRIEF)))
        event = answers[-1]["then"]

    assert [answer["replayed"] for answer in answers] == [2, 1, 0]
    assert [sum(answer["failing"].values()) for answer in answers] == [0, 1, 0]
    assert answers[0]["then"] == {"backfill": {**asked, "after": ("exports/a.jsonl", 2)}}


def test_says_what_a_backfill_may_read(function: ModuleType, failures: Failures) -> None:
    assert failures.place.database

    answers = [
        function.handler({"backfill": {"source": source}}, Context())
        for source in ("/etc", "s3://no-such-bucket/exports/")
    ]

    assert "give one like s3://bucket/folder/" in answers[0]["error"]
    assert "check the name, and that the function's role may read it" in answers[1]["error"]


def test_starts_no_spark_if_nothing_waits(
    function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function, "launch", pytest.fail)

    assert function.handler({"given_up": {"alarm": True}}, Context()) == report(0, 0)


def test_reprocesses_what_a_notification_names(failures: Failures, function: ModuleType) -> None:
    given_up(failures.place, [record(3)])
    [key] = Destination(aws_client.s3(failures.place.endpoint), failures.place.database).waiting(
        "given-up/"
    )
    named = {"bucket": {"name": failures.place.database}, "object": {"key": key}}

    answer = function.handler({"Records": [{"s3": named}]}, Context())

    assert answer["replayed"] == 1
    assert failures.positions() == [("3", 0)]


def test_leaves_an_object_of_another_kind_alone(failures: Failures) -> None:
    s3 = aws_client.s3(failures.place.endpoint)
    s3.put_object(Bucket=failures.place.database, Key="given-up/note.txt", Body=b"hello")

    outcome = failures.reprocess()

    assert outcome.failing.total() == 1
    s3.head_object(Bucket=failures.place.database, Key="given-up/note.txt")
