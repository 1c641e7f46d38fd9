"""Rounds of a cluster on real Spark, Iceberg and a stream, each task in a process of its own."""

import pytest

from headwater_contract.envelope import Entry
from headwater_contract.stream_record import pack
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_local import aws_client
from integration.writer.cluster import KinesisShards, rounds, run_to_the_end
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import ENVELOPE, entry

pytestmark = SPARK


def packed(*entries: Entry) -> bytes:
    [data] = pack(ENVELOPE, entries)
    return data


@pytest.fixture
def stream(place: Place, monkeypatch: pytest.MonkeyPatch) -> KinesisShards:
    # The driver reads the stream as its tasks do, with what its environment tells.
    for name, value in aws_client.environment(place.endpoint).items():
        monkeypatch.setenv(name, value)
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
