"""The metrics of alarms are in the writer's log, by the names that they are read by."""

import io
import json
import re

import pytest
from aws_lambda_powertools import Logger

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer.cluster.job import log_commit
from headwater_writer.cluster.rounds import Commit
from headwater_writer.handler import handle
from headwater_writer.publish.batch import Published
from headwater_writer.replay.given_up import log_given_up
from terraform.command import REPOSITORY
from unit.writer.builders import MemoryLake, kinesis_event, record

MONITORING = (REPOSITORY / "terraform" / "modules" / "monitoring" / "main.tf").read_text()


@pytest.fixture(scope="module")  # A service has one logger for all of a process.
def said() -> dict[str, object]:
    log = io.StringIO()
    records = [record(1), ReceivedRecord(record(2).shard, "2", b"poison")]
    handle(kinesis_event(records), MemoryLake().writer(), Logger(service="wiring", stream=log))
    line: dict[str, object] = json.loads(log.getvalue().splitlines()[-1])
    return line


def test_a_commit_is_known_by_its_message(said: dict[str, object]) -> None:
    messages = set(re.findall(r'\$\.message = \\"(\w+)\\"', MONITORING))

    assert messages == {said["message"]}


def test_the_cluster_says_the_same_of_a_commit(said: dict[str, object]) -> None:
    log = io.StringIO()
    report = {"events": Published(1), "failed_records": Published(1)}
    log_commit(Logger(service="wiring-cluster", stream=log), Commit(report, 1.5, 42.0))
    of_cluster = json.loads(log.getvalue())

    read = ("message", "rows", "covered", "missing", "repeats")
    assert [of_cluster[name] for name in read] == [said[name] for name in read]
    assert {"seconds", "latency_seconds"} <= said.keys() & of_cluster.keys()


def test_what_was_left_out_is_counted(said: dict[str, object]) -> None:
    counts = set(re.findall(r'value = "\$\.(\w+)" }', MONITORING))

    assert counts - {"batches"} == {"covered", "missing", "repeats"}
    assert counts - {"batches"} <= said.keys()


def test_replay_says_what_the_mapping_gave_up_on() -> None:
    log = io.StringIO()
    log_given_up(Logger(service="wiring-replay", stream=log), 2)
    line = json.loads(log.getvalue())

    assert (line["message"], line["batches"]) == ("given up", 2)
    assert '$.message = \\"given up\\" && $.batches > 0' in MONITORING


@pytest.mark.parametrize("metric", re.findall(r"(\w+) += \{ pattern = ", MONITORING))
def test_a_metric_counts_what_its_pattern_finds(metric: str) -> None:
    [(pattern, value)] = re.findall(
        rf'{metric} += {{ pattern = "(.+)", value = "(.+)" }}', MONITORING
    )

    assert value == "1" or f"{value} > 0" in pattern


def test_rows_are_counted_by_table(said: dict[str, object]) -> None:
    tables = set(re.findall(r'value = "\$\.rows\.(\w+)"', MONITORING))

    assert tables == {"events", "failed_records"}
    assert said["rows"] == dict.fromkeys(tables, 1)
