"""A function's init phase is over before Spark is there, however long that takes."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from headwater_local import aws_client
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.writer_process import WriterProcess
from unit.writer.builders import kinesis_event, record

pytestmark = SPARK

HANDLER: Final = "headwater_writer.functions.{}.handler"
SECONDS: Final = 300.0
"""How long the first event may wait for Spark, on a busy machine."""


@pytest.fixture
def environment(place: Place, writer_environment: Mapping[str, str]) -> dict[str, str]:
    """What the functions of the place's lake are told."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        **writer_environment,
        **aws_client.environment(place.endpoint),
        "GLUE_DATABASE": place.database,
        "WAREHOUSE": place.warehouse,
    }


def test_a_writer_is_ready_before_its_java_and_writes_the_first_batch_once(
    place: Place, environment: Mapping[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with WriterProcess(environment, log, SECONDS) as writer:
        java = writer.hold_java()
        writer.await_ready()
        answer = writer.invoke(kinesis_event([record(1), record(2)]))
        java.resume()

        assert answer.result() == {"batchItemFailures": []}
    assert place.sequences("events") == [1, 2]
    has_archive = json.dumps("CLASS_ARCHIVE" in environment)
    assert f'"app_cds_mapped":{has_archive}' in log.read_text()


def test_maintenance_is_ready_before_its_java(
    place: Place, environment: Mapping[str, str], tmp_path: Path
) -> None:
    place.writer().write([record(1)])
    handler = HANDLER.format("maintenance")
    with WriterProcess(environment, tmp_path / "log", SECONDS, handler) as maintenance:
        java = maintenance.hold_java()
        maintenance.await_ready()
        answer = maintenance.invoke({"tables": ["events"], "steps": ["expiry"]})
        java.resume()

        [report] = answer.result()["tables"]
    assert [step["outcome"] for step in report["steps"]] == ["done"]


def test_replay_is_ready_without_java(environment: Mapping[str, str], tmp_path: Path) -> None:
    handler = HANDLER.format("replay")
    with WriterProcess(environment, tmp_path / "log", SECONDS, handler) as replay:
        replay.await_ready()

        assert replay.children() == []
