from collections.abc import Sequence

import pytest
from aws_lambda_powertools import Logger

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer import handler
from headwater_writer.handler import Response, handle
from headwater_writer.publish.memory_table import Phase, Step
from headwater_writer.writer import Writer
from unit.writer.builders import MemoryLake, entry, kinesis_event, record, sequences

LOGGER = Logger(service="test", level="CRITICAL")


class StageError(Exception):
    """The disk is full."""


class FailingFrom:
    """Lets some stages succeed, and none after them."""

    def __init__(self, successes: int) -> None:
        self._left = successes

    def __call__(self, step: Step, moment: Phase) -> None:
        if (step, moment) == ("stage", "before"):
            self._left -= 1
            if self._left < 0:
                raise StageError


@pytest.fixture
def lake() -> MemoryLake:
    return MemoryLake()


@pytest.fixture
def one_record_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "MAX_CHUNK_BYTES", 1)


def invoke(writer: Writer, records: Sequence[ReceivedRecord]) -> Response:
    return handle(kinesis_event(records), writer, LOGGER)


def test_reports_no_failure_when_all_is_written(lake: MemoryLake) -> None:
    answer = invoke(lake.writer(), [record(1), record(2)])

    assert answer == {"batchItemFailures": []}
    assert sequences(lake.stores["events"]) == [1, 2]


def test_reports_no_failure_for_bad_records(lake: MemoryLake) -> None:
    poison = ReceivedRecord(record(2).shard, "2", b"poison")

    answer = invoke(lake.writer(), [record(1), poison, record(3)])

    assert answer == {"batchItemFailures": []}
    assert sequences(lake.stores["events"]) == [1, 3]
    assert sequences(lake.stores["failed_records"]) == [2]


def test_writes_in_one_commit_what_fits_in_memory(lake: MemoryLake) -> None:
    invoke(lake.writer(), [record(number) for number in range(1, 30)])

    assert len(lake.stores["events"].metadata.snapshots) == 1


def test_raises_if_nothing_was_written(lake: MemoryLake) -> None:
    with pytest.raises(StageError):
        invoke(lake.writer(FailingFrom(0)), [record(1), record(2)])


@pytest.mark.usefixtures("one_record_a_chunk")
def test_reports_the_first_record_that_is_still_to_be_written(lake: MemoryLake) -> None:
    answer = invoke(lake.writer(FailingFrom(1)), [record(1), record(2), record(3)])

    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert sequences(lake.stores["events"]) == [1]


@pytest.mark.usefixtures("one_record_a_chunk")
def test_reports_a_record_of_which_one_table_holds_its_part(lake: MemoryLake) -> None:
    joined = record(2, entry("m-2", "identify"))

    answer = invoke(lake.writer(FailingFrom(2)), [record(1), joined])

    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert sequences(lake.stores["identifies"]) == [2]


@pytest.mark.usefixtures("one_record_a_chunk")
def test_writes_the_rest_when_it_comes_again(lake: MemoryLake) -> None:
    invoke(lake.writer(FailingFrom(1)), [record(1), record(2), record(3)])

    answer = invoke(lake.writer(), [record(2), record(3)])

    assert answer == {"batchItemFailures": []}
    assert sequences(lake.stores["events"]) == [1, 2, 3]


def test_logs_counts_and_no_contents(lake: MemoryLake, capsys: pytest.CaptureFixture[str]) -> None:
    event = kinesis_event([record(1, entry("secret-id", email="secret@example.com"))])

    handle(event, lake.writer(), Logger(service="logs-no-contents"))

    logged = capsys.readouterr().out
    assert '"events":1' in logged
    assert "secret" not in logged


def test_answers_an_invocation_without_records(lake: MemoryLake) -> None:
    assert invoke(lake.writer(), []) == {"batchItemFailures": []}
