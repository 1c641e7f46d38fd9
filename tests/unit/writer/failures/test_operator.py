from datetime import datetime, timedelta

import pytest
from aws_lambda_powertools import Logger

from headwater_writer.failures.operator import QUIET, Operator
from headwater_writer.failures.topic import MemoryTopic, NoTopic
from unit.writer.builders import NOW

FAILED = {"stage": "shape", "reason": "event is missing", "failed_at": NOW}
PLACE = "s3://bucket/failed_records/1.jsonl"


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
def operator(topic: MemoryTopic, clock: Clock) -> Operator:
    return Operator(topic, clock, Logger(service="test", level="CRITICAL"))


def fail(operator: Operator, count: int = 1) -> None:
    operator.hear([FAILED] * count, [PLACE])
    operator.tell()


def subjects(topic: MemoryTopic) -> list[str]:
    return [subject for subject, _ in topic.sent]


def test_is_told_at_once(operator: Operator, topic: MemoryTopic) -> None:
    fail(operator, 2)

    [(subject, text)] = topic.sent
    assert subject == "Headwater: 2 failed records"
    assert PLACE in text


def test_is_told_nothing_while_nothing_fails(operator: Operator, topic: MemoryTopic) -> None:
    operator.tell()

    assert topic.sent == []


def test_is_left_in_peace_for_a_while(operator: Operator, topic: MemoryTopic, clock: Clock) -> None:
    fail(operator)
    clock.time += QUIET - timedelta(seconds=1)
    fail(operator)

    assert len(topic.sent) == 1


def test_is_told_later_what_came_meanwhile(
    operator: Operator, topic: MemoryTopic, clock: Clock
) -> None:
    fail(operator)
    fail(operator, 2)
    fail(operator, 3)
    clock.time += QUIET

    operator.tell()

    assert subjects(topic) == ["Headwater: 1 failed record", "Headwater: 5 failed records"]


def test_is_told_everything_once(operator: Operator, topic: MemoryTopic, clock: Clock) -> None:
    fail(operator)
    clock.time += QUIET

    operator.tell()

    assert len(topic.sent) == 1


def test_is_told_when_the_topic_works_again(
    operator: Operator, topic: MemoryTopic, clock: Clock
) -> None:
    topic.broken = True
    fail(operator)
    topic.broken = False
    clock.time += QUIET

    fail(operator)

    assert subjects(topic) == ["Headwater: 2 failed records"]


def test_does_not_ask_a_broken_topic_at_every_batch(operator: Operator, topic: MemoryTopic) -> None:
    topic.broken = True
    fail(operator)
    topic.broken = False

    fail(operator)

    assert topic.sent == []


def test_logs_that_the_topic_is_broken(
    topic: MemoryTopic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    topic.broken = True

    fail(Operator(topic, clock, Logger(service="broken")))

    assert "the operator was not told" in capsys.readouterr().out


def test_can_do_without_a_topic(clock: Clock) -> None:
    fail(Operator(NoTopic(), clock, Logger(service="test", level="CRITICAL")))
