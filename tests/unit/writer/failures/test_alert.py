from datetime import datetime, timedelta

import pytest
from aws_lambda_powertools import Logger

from headwater_writer.failures.alert import (
    QUIET,
    SHOWN_FILES,
    SHOWN_REASONS,
    Alert,
    Notifier,
)
from headwater_writer.failures.topic import MemoryTopic, NoTopic
from headwater_writer.rows.rows import Row
from unit.writer.builders import NOW


def failed(reason: str, stage: str = "shape", minutes: int = 0) -> Row:
    return {"stage": stage, "reason": reason, "failed_at": NOW + timedelta(minutes=minutes)}


def alert(*rows: Row, uris: tuple[str, ...] = ()) -> Alert:
    made = Alert()
    made.add(rows, uris)
    return made


def test_an_alert_counts_by_stage_and_reason() -> None:
    text = alert(
        failed("the message has 40000 bytes", "collector"),
        failed("the type 'a' is unknown"),
        failed("the message has 50000 bytes", "collector"),
    ).text

    assert "3 failed" in text
    assert "  2 collector: the message has 40000 bytes" in text
    assert "  1 shape: the type … is unknown" in text


def test_an_alert_lists_the_most_frequent_reasons_first() -> None:
    rows = [failed("reason " + "x" * number) for number in range(9) for _ in range(number + 1)]

    lines = alert(*rows).text.splitlines()

    assert lines[1] == "  9 shape: reason xxxxxxxx"
    assert lines[1 + SHOWN_REASONS] == "  and 4 more reasons"


def test_an_alert_names_the_files() -> None:
    uris = tuple(f"s3://bucket/{number}" for number in range(SHOWN_FILES + 2))

    text = alert(failed("event is missing"), uris=(*uris, *uris)).text

    assert "  s3://bucket/0\n  s3://bucket/1\n" in text
    assert "  and 2 more files\n" in text


def test_an_alert_says_from_when_to_when() -> None:
    made = alert(failed("a", minutes=3), failed("b"))
    made.add([failed("c", minutes=9)], [])

    assert "from 2026-01-31 13:37:05 to 13:46:05 UTC" in made.text


@pytest.mark.parametrize(
    ("count", "subject"),
    [(1, "Headwater: 1 failed record"), (12, "Headwater: 12 failed records")],
)
def test_the_subject_has_the_number(count: int, subject: str) -> None:
    assert alert(*[failed("a")] * count).subject == subject


def test_the_subject_is_one_that_sns_accepts() -> None:
    subject = alert(*[failed("a")] * 100_000).subject

    assert subject.isascii()
    assert len(subject) < 100


FAILED = {"stage": "shape", "reason": "event is missing", "failed_at": NOW}
URI = "s3://bucket/failed_records/1.jsonl"


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def topic() -> MemoryTopic:
    return MemoryTopic()


@pytest.fixture
def notifier(topic: MemoryTopic, clock: Clock) -> Notifier:
    return Notifier(topic, clock, Logger(service="test", level="CRITICAL"))


def fail(notifier: Notifier, count: int = 1) -> None:
    notifier.add([FAILED] * count, [URI])
    notifier.notify()


def subjects(topic: MemoryTopic) -> list[str]:
    return [subject for subject, _ in topic.sent]


def test_an_alert_is_sent_at_once(notifier: Notifier, topic: MemoryTopic) -> None:
    fail(notifier, 2)

    [(subject, text)] = topic.sent
    assert subject == "Headwater: 2 failed records"
    assert URI in text


def test_no_alert_is_sent_if_nothing_failed(notifier: Notifier, topic: MemoryTopic) -> None:
    notifier.notify()

    assert topic.sent == []


def test_no_alert_is_sent_soon_after_another(
    notifier: Notifier, topic: MemoryTopic, clock: Clock
) -> None:
    fail(notifier)
    clock.time += QUIET - timedelta(seconds=1)
    fail(notifier)

    assert len(topic.sent) == 1


def test_an_alert_has_what_failed_since_the_last(
    notifier: Notifier, topic: MemoryTopic, clock: Clock
) -> None:
    fail(notifier)
    fail(notifier, 2)
    fail(notifier, 3)
    clock.time += QUIET

    notifier.notify()

    assert subjects(topic) == ["Headwater: 1 failed record", "Headwater: 5 failed records"]


def test_nothing_is_in_two_alerts(notifier: Notifier, topic: MemoryTopic, clock: Clock) -> None:
    fail(notifier)
    clock.time += QUIET

    notifier.notify()

    assert len(topic.sent) == 1


def test_an_alert_that_was_not_sent_is_in_the_next(
    notifier: Notifier, topic: MemoryTopic, clock: Clock
) -> None:
    topic.broken = True
    fail(notifier)
    topic.broken = False
    clock.time += QUIET

    fail(notifier)

    assert subjects(topic) == ["Headwater: 2 failed records"]


def test_a_broken_topic_is_not_tried_at_every_batch(notifier: Notifier, topic: MemoryTopic) -> None:
    topic.broken = True
    fail(notifier)
    topic.broken = False

    fail(notifier)

    assert topic.sent == []


def test_a_broken_topic_is_logged(
    topic: MemoryTopic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    topic.broken = True

    fail(Notifier(topic, clock, Logger(service="broken")))

    assert "no alert was sent" in capsys.readouterr().out


def test_a_topic_is_optional(clock: Clock) -> None:
    fail(Notifier(NoTopic(), clock, Logger(service="test", level="CRITICAL")))
