"""A writer that starts from a snapshot: frozen, its connections dead, its keys expired, days later.

Lambda copies a whole virtual machine; here the processes stand still, and all around them changes.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from pyspark.sql import SparkSession

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer.handler import Response
from integration.writer.interceptor import Request
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.surroundings import Surroundings
from integration.writer.wall_clock import COMPILER
from integration.writer.writer_process import WriterProcess
from unit.writer.builders import SHARD, entry, kinesis_event, record

pytestmark = [
    *SPARK,
    pytest.mark.skipif(COMPILER is None, reason="moving the clock takes Linux and a C compiler"),
]

DAYS: Final = timedelta(days=10)
"""Past the end of keys and connections: a version may wait that long for its next start."""
MOMENT: Final = timedelta(seconds=30)
"""What lies between two batches of a mapping; a writer is frozen then too."""

ALL_WRITTEN: Final[Response] = {"batchItemFailures": []}

# Spark looks after heartbeats at once, and a few that fail are enough for it to end: what takes its
# time in a real writer, if it happens, happens here while the next batches are written. One alone
# may be late where the processor is busy, and that is not a failure of the writer.
_IMPATIENT: Final = """
spark.network.timeoutInterval 100ms
spark.executor.heartbeatInterval 500ms
spark.executor.heartbeat.maxFailures 4
"""
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def around(place: Place, tmp_path: Path) -> Iterator[Surroundings]:
    with Surroundings.around(place.endpoint, tmp_path) as surroundings:
        yield surroundings


@pytest.fixture
def writer(
    place: Place, around: Surroundings, writer_environment: Mapping[str, str], tmp_path: Path
) -> Iterator[WriterProcess]:
    """A writer of which Lambda would take the snapshot now."""
    (tmp_path / "spark-defaults.conf").write_text(_IMPATIENT)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        **writer_environment,
        **around.environment,
        "GLUE_DATABASE": place.database,
        "WAREHOUSE": place.warehouse,
        "SPARK_CONF_DIR": str(tmp_path),
    }
    with WriterProcess(environment, tmp_path / "log") as process:
        process.await_snapshot()
        yield process


def event(number: int) -> dict[str, Any]:
    """Return an invocation with rows for every table, at the positions from ``number`` * 10."""
    first = number * 10
    good = [record(first + place, entry(f"m-{first + place}", "identify")) for place in range(3)]
    return kinesis_event([*good, ReceivedRecord(SHARD, str(first + 3), b"poison")])


def written(numbers: Sequence[int]) -> dict[str, list[int]]:
    """Return the positions of all rows when the batches of these numbers were written once."""
    good = [number * 10 + place for number in numbers for place in range(3)]
    return {
        "events": good,
        "identifies": good,
        "failed_records": [number * 10 + 3 for number in numbers],
    }


def found(place: Place) -> dict[str, list[int]]:
    """Return the positions of all rows."""
    return {name: place.sequences(name) for name in ("events", "identifies", "failed_records")}


def kinds(requests: Sequence[Request]) -> Counter[str]:
    """Return how often what was asked."""
    return Counter(request.headers.get("x-amz-target", request.method) for request in requests)


def ids(requests: Sequence[Request]) -> set[str]:
    """Return every id in the names of the files that were written."""
    paths = [request.path for request in requests if request.method == "PUT"]
    return {found for path in paths for found in _UUID.findall(path)}


def test_writes_its_first_batch_from_a_snapshot(
    place: Place, around: Surroundings, writer: WriterProcess
) -> None:
    writer.freeze()
    around.forget_connections()
    around.pass_time(DAYS)
    writer.restore()
    writer.thaw()

    answer = writer.invoke(event(1)).result()

    assert answer == ALL_WRITTEN
    assert (around.unanswered, around.refused) == ([], [])
    assert found(place) == written([1])


@pytest.mark.parametrize(
    ("breaks", "away"),
    [
        (Surroundings.forget_connections, DAYS),
        (Surroundings.forget_connections, MOMENT),
        (Surroundings.reset_connections, DAYS),
    ],
)
def test_goes_on_as_warm_as_it_was(
    place: Place,
    around: Surroundings,
    writer: WriterProcess,
    breaks: Callable[[Surroundings], None],
    away: timedelta,
) -> None:
    writer.restore()
    for number in (1, 2, 3):
        around.requests.clear()
        writer.invoke(event(number)).result()
    warm = list(around.requests)

    writer.freeze()
    breaks(around)
    around.pass_time(away)
    writer.thaw()
    around.requests.clear()
    answer = writer.invoke(event(4)).result()
    thawed = list(around.requests)
    again = [writer.invoke(event(number)).result() for number in (3, 4)]

    assert [answer, *again] == [ALL_WRITTEN] * 3
    assert found(place) == written([1, 2, 3, 4])
    # Nothing was tried in vain, nothing done twice, nothing looked up that it knew.
    assert (around.unanswered, around.refused) == ([], [])
    assert kinds(thawed) == kinds(warm)
    # No name was drawn beforehand: a copy of this writer would have drawn the same.
    assert ids(thawed)
    assert ids(thawed).isdisjoint(ids(warm))
    times = sorted(row["load_time"] for row in place.rows("events").to_pylist())
    assert times[-1] - times[0] >= away


def test_draws_its_names_from_the_kernel(spark: SparkSession) -> None:
    # Python's uuid4 always does. Java's UUIDs are of this generator, which reads /dev/urandom and
    # uses what it read for a tenth of a second at most (sun.security.provider.NativePRNG).
    java = spark.sparkContext._jvm.java.security  # type: ignore[union-attr]

    assert java.SecureRandom().getAlgorithm() == "NativePRNG"
