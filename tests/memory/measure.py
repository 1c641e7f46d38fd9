"""What a candidate takes: written by a writer in a process of its own, as its image starts it.

Each has a fresh process: what Python and Java once took they rarely give back, so that in a warm
one a candidate would be measured by the worst before it.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import psutil

from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_local import aws_client
from headwater_local.lambda_service.event_source.function import FunctionError
from integration.writer.place import pyiceberg_catalog
from integration.writer.writer_process import WriterProcess
from memory.candidate import Candidate
from memory.traffic import traffic_of

MB: Final = 1024 * 1024
MEMORY_MB: Final = 3008
"""What Terraform gives the writer unless it is told otherwise (``writer.memory_mb``)."""

TIMEOUT_SECONDS: Final = 900.0
_HIGH_WATER: Final = re.compile(r"VmHWM:\s+(\d+) kB")
_AFTER_COLLECTION: Final = re.compile(r"->(\d+)M\((\d+)M\)")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a candidate took, in MB.

    ``python`` is the most that Python had resident over what it had before the batch, ``heap`` the
    most that was left in Java's heap after a collection, ``both`` what the two processes had
    resident at most, each at its own time. ``problem`` says how it failed.
    """

    python: int
    heap: int
    both: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Scales:
    """What measures candidates: each on tables of its own in the AWS stand-in at ``endpoint``.

    ``environment`` is what every writer is told, wherever its tables are; ``directory`` gets what
    the processes say. ``memory_mb`` is the function's memory.
    """

    environment: Mapping[str, str]
    endpoint: str
    directory: Path
    memory_mb: int = MEMORY_MB

    def measure(self, candidate: Candidate) -> Figures:
        """Write a candidate's traffic and return what that took."""
        name = self._place()
        traffic = traffic_of(candidate)
        settings = self._settings(candidate, name)
        with WriterProcess(settings, self.directory / f"{name}.log", TIMEOUT_SECONDS) as writer:
            writer.await_ready()
            python, both, problem = _watched(writer, traffic.event)
        problem = problem or _missing(self.endpoint, name, traffic.rows)
        return Figures(python, _left_in_heap(self._collections(name)), both, problem)

    def _place(self) -> str:
        name = f"memory{uuid4().hex[:12]}"
        aws_client.glue(self.endpoint).create_database(DatabaseInput={"Name": name})
        aws_client.s3(self.endpoint).create_bucket(Bucket=name)
        return name

    def _settings(self, candidate: Candidate, name: str) -> dict[str, str]:
        collections = f"-Xlog:gc:file={self._collections(name)}"
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
            **self.environment,
            **aws_client.environment(self.endpoint),
            # All that it starts with is there before its memory is looked at.
            "AWS_LAMBDA_INITIALIZATION_TYPE": "provisioned-concurrency",
            "GLUE_DATABASE": name,
            "WAREHOUSE": f"s3://{name}/lake",
            "TRACKING_PLAN": _plan(self.directory) if candidate.plan else "",
            "MAX_EVENT_AGE_DAYS": str(candidate.max_age_days),
            "JDK_JAVA_OPTIONS": f"-XX:MaxRAM={self.memory_mb}m {collections}",
        }

    def _collections(self, name: str) -> Path:
        return self.directory / f"{name}.gc"


def _watched(writer: WriterProcess, event: dict[str, object]) -> tuple[int, int, str | None]:
    """Return what Python took more than before, what both took, and how the invocation failed."""
    python, java = writer.processes()
    before = python.memory_info().rss // MB
    for process in (python, java):
        _forget_high_water(process)
    if problem := _problem(writer, event):
        return 0, 0, problem
    peak = _high_water(python)
    return peak - before, peak + _high_water(java), None


def _plan(directory: Path) -> str:
    types = ("e", "page_view", "identify", "alias")
    promoted = "".join(f"  {kind}: {{properties: {{text: string}}}}\n" for kind in types)
    file = directory / "plan.yaml"
    file.write_text(f"version: 1\nevents:\n{promoted}")
    return str(file)


def _problem(writer: WriterProcess, event: dict[str, object]) -> str | None:
    try:
        answer = writer.invoke(event).result()
    except (FunctionError, AssertionError) as error:
        return f"the invocation failed: {error!s:.200}"
    return None if answer == {"batchItemFailures": []} else f"it answered {answer!s:.200}"


def _forget_high_water(process: psutil.Process) -> None:
    # "5" to clear_refs resets VmHWM (proc_pid_clear_refs, Linux manual pages).
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")


def _high_water(process: psutil.Process) -> int:
    [kilobytes] = _HIGH_WATER.findall(Path(f"/proc/{process.pid}/status").read_text())
    return int(kilobytes) // 1024


def _left_in_heap(collections: Path) -> int:
    left = _AFTER_COLLECTION.findall(collections.read_text())
    return max((int(used) for used, _ in left), default=0)


def _missing(endpoint: str, database: str, rows: int) -> str | None:
    held = sum(_total(endpoint, database, table.name) for table in (EVENTS, FAILED_RECORDS))
    return None if held == rows else f"the tables have {held} rows of {rows}"


def _total(endpoint: str, database: str, table: str) -> int:
    snapshot = pyiceberg_catalog(endpoint).load_table((database, table)).current_snapshot()
    assert snapshot is None or snapshot.summary is not None
    return int(snapshot.summary["total-records"] or 0) if snapshot and snapshot.summary else 0
