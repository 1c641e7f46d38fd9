"""Rounds of a cluster on real Spark, Iceberg and a stream, each task in a process of its own."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pyspark import cloudpickle

from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES, TABLES
from headwater_local import aws_client
from headwater_writer.cluster.engine import TaskChangedError
from headwater_writer.cluster.plan import Span
from headwater_writer.cluster.reading import Page
from headwater_writer.cluster.rounds import Outcome
from integration.writer.cluster import KinesisShards, rounds, run_to_the_end
from integration.writer.marks import SPARK
from integration.writer.place import Place, on_the_wall
from unit.writer.builders import ENVELOPE, SHARD, entry, record

pytestmark = SPARK

FULL = (
    entry(
        "m-1",
        "page",
        timestamp="2026-01-31T13:00:00Z",
        context={"page": {"url": "https://e.org/?utm_source=s&gclid=1"}},
    ),
    entry("m-2", "identify", anonymousId="a-1", traits={"name": "Ada"}),
    entry("m-3", properties={"total": 1.5, "\N{GRINNING FACE}": None}),
    Entry(b"[]", "track", "m-4"),
    Entry(b"{}", refusal="no"),
)


def packed(*entries: Entry) -> bytes:
    [data] = pack(replace(ENVELOPE, received_at=on_the_wall()), entries)
    return data


@pytest.fixture
def stream(place: Place, monkeypatch: pytest.MonkeyPatch) -> KinesisShards:
    # The driver reads the stream as its tasks do, with what its environment tells.
    for name, value in aws_client.environment(place.endpoint).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(place.spark.sparkContext, "pythonExec", sys.executable)
    return KinesisShards(place, 2)


def test_all_shards_land_in_one_commit(place: Place, stream: KinesisShards) -> None:
    for number in range(6):
        stream.put(number % 2, packed(entry(f"m-{number}"), entry(f"i-{number}", "identify")))
    stream.put(1, b"poison")

    run_to_the_end(rounds(place, stream.source))

    assert place.rows(EVENTS.name).num_rows == 12
    assert place.rows(IDENTIFIES.name).num_rows == 6
    assert place.rows(FAILED_RECORDS.name).num_rows == 1
    assert len(place.snapshots(EVENTS.name)) == 1


def test_repeats_of_what_a_lambda_wrote_are_dropped(place: Place, stream: KinesisShards) -> None:
    first = stream.put(0, packed(entry("m-1", "identify"), entry("m-2")))
    place.writer().write([first])
    stream.put(0, packed(entry("m-1", "identify"), entry("m-3")))
    stream.put(1, packed(entry("m-2")))

    run_to_the_end(rounds(place, stream.source))

    # On another shard it is a row of its own, as from a Lambda.
    found = sorted(str(row["event_id"]) for row in place.rows(EVENTS.name).to_pylist())
    assert found == ["m-1", "m-2", "m-2", "m-3"]
    assert place.rows(IDENTIFIES.name).num_rows == 1


def test_rows_are_those_that_a_lambda_writes(place: Place, stream: KinesisShards) -> None:
    record = stream.put(0, packed(*FULL))
    other = Place.make(place.spark, place.endpoint)
    other.writer().write([record])

    run_to_the_end(rounds(place, stream.source))

    for table in TABLES:
        assert told(place, table.name) == told(other, table.name)


@dataclass(frozen=True)
class Changing:
    """A stream that holds more records, or fewer, each time that a shard is read."""

    records: Sequence[ReceivedRecord]
    step: int
    reads: Path

    def shards(self) -> Mapping[str, Sequence[str]]:
        return {SHARD: ()}

    def pages(self, _shard: str, _span: Span) -> Iterator[Page]:
        with self.reads.open("a") as reads:
            reads.write(".")
        number = self.reads.stat().st_size
        yield Page(self.records[: 3 + self.step * (number - 1)], 0, is_end=False)


@pytest.fixture
def again(place: Place, stream: KinesisShards, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 -- for its environment
    """Let Spark run each task again for each of its jobs, as if all machines were lost between."""
    frames = type(place.spark.range(1))
    monkeypatch.setattr(frames, "persist", lambda frame, _level: frame)
    cloudpickle.register_pickle_by_value(sys.modules[__name__])  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("again")
def test_a_task_that_finds_more_when_it_runs_again_is_cut(place: Place, tmp_path: Path) -> None:
    source = Changing([record(number) for number in range(1, 20)], 1, tmp_path / "reads")

    assert rounds(place, source).run() is Outcome.WORKED

    assert place.sequences(EVENTS.name) == [1, 2, 3]


@pytest.mark.usefixtures("again")
def test_nothing_is_committed_if_a_task_finds_less(place: Place, tmp_path: Path) -> None:
    source = Changing([record(number) for number in range(1, 20)], -1, tmp_path / "reads")

    with pytest.raises(TaskChangedError):
        rounds(place, source).run()

    assert place.snapshots(EVENTS.name) == []


def told(place: Place, name: str) -> list[dict[str, object]]:
    """Return the rows of a table, but for when they were written, in the order of the stream."""
    when = {"load_time", "failed_at", "ingest_shard"}
    found = place.rows(name).sort_by([("ingest_index", "ascending")]).to_pylist()
    return [{key: value for key, value in row.items() if key not in when} for row in found]
