"""What a batch holds comes back from the tables, as another implementation of Iceberg reads it."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any, Final

import pyarrow as pa

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_contract.tables import TABLES
from headwater_writer.lake.arrow import to_arrow
from headwater_writer.lake.table import MAX_OPEN_DAYS
from headwater_writer.rows.rows import Rules
from headwater_writer.writer import Writer, rows_of
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import ENVELOPE, NOW, RECEIVED, SHARD, body, entry, now, record

pytestmark = SPARK

PAGE: Final = {"url": "https://shop.example/sale?utm_source=news&gclid=1&fbclid=2"}
HEADERS: Final = {"*": {"dnt": "1", "sec-gpc": "1"}}


def writer(place: Place) -> Writer:
    return place.writer(now=now)


def batch_of_everything() -> list[ReceivedRecord]:
    visit = Envelope(RECEIVED, "shop", sent_at=RECEIVED, ip="2001:db8::9", headers=HEADERS)
    entries = [
        entry("m-1", context={"page": PAGE}, properties={"é": ["\U0001f600", None, 1.5]}),
        entry("m-2", timestamp="2026-01-31T13:37:00.123456Z"),
        Entry(body(timestamp="0001-01-01", context={}), "identify", "m-3"),
        Entry(body(previousId="u-0", timestamp="9999-12-31T23:59:59.999999Z"), "alias", "m-4"),
        Entry(b"{", refusal="the message is no JSON"),
        Entry(b"\xff\x00", "track", "m-5"),
    ]
    [data] = pack(visit, entries)
    poison = bytes(Random(1).randbytes(1024 * 1024))  # noqa: S311
    return [
        ReceivedRecord(SHARD, "1", data),
        ReceivedRecord(SHARD, "2", b"\x1f\x8b" + poison[2:]),
        record(2**186),
    ]


def in_order(rows: pa.Table) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = rows.to_pylist()
    return sorted(held, key=lambda row: (int(row["ingest_sequence"]), row["ingest_index"]))


def test_reads_back_what_was_written(place: Place) -> None:
    records = batch_of_everything()
    rows = rows_of(records, Rules(), NOW)

    published = writer(place).write(records)

    assert {name: outcome.written for name, outcome in published.items()} == {
        "failed_records": 3,
        "identifies": 2,
        "events": 5,
    }
    for table in TABLES:
        expected = to_arrow(table, rows[table.name])
        found = place.rows(table.name).cast(expected.schema)
        assert in_order(found) == in_order(expected)


def test_reads_back_a_megabyte_of_poison(place: Place) -> None:
    poison = Random(2).randbytes(1024 * 1024)  # noqa: S311

    writer(place).write([ReceivedRecord(SHARD, "1", poison)])

    assert place.rows("failed_records")["raw"].to_pylist() == [poison]


def test_scatters_hostile_times_over_the_allowed_days_only(place: Place) -> None:
    first = datetime(1, 1, 1, tzinfo=UTC)
    times = [first + timedelta(days=step) for step in range(0, 3_650_000, 7_000)]
    times += [RECEIVED + timedelta(days=step) for step in range(-60, 60)]
    rules = Rules(max_age=timedelta(days=3))
    entries = [
        entry(f"m-{number}", timestamp=time.isoformat()) for number, time in enumerate(times)
    ]
    [data] = pack(ENVELOPE, entries)

    place.writer(rules, now=now).write([ReceivedRecord(SHARD, "1", data)])

    partitions = place.table("events").inspect.partitions()
    assert partitions["record_count"].to_pylist().count(0) == 0
    assert partitions.num_rows == 5
    assert place.rows("events").num_rows == len(times)


def test_writes_one_file_a_day_of_a_batch(place: Place) -> None:
    days = cycle(["2026-01-30", "2026-01-31"])
    records = [
        record(number, entry(f"m-{number}", timestamp=day))
        for number, day in zip(range(1, 400), days, strict=False)
    ]

    writer(place).write(records)

    assert place.table("events").inspect.files().num_rows == 2


def test_writes_a_batch_of_more_days_than_may_be_open_one_day_after_the_other(
    place: Place,
) -> None:
    days = [RECEIVED - timedelta(days=step) for step in range(MAX_OPEN_DAYS + 60)]
    entries = [
        entry(f"m-{number}", timestamp=day.isoformat()) for number, day in enumerate(days * 2)
    ]
    [data] = pack(ENVELOPE, entries)

    place.writer(Rules(max_age=timedelta(days=365)), now=now).write(
        [ReceivedRecord(SHARD, "1", data)]
    )

    assert place.table("events").inspect.files().num_rows == len(days)
    assert place.rows("events").num_rows == len(entries)


def test_reads_back_what_unpacks_to_many_times_its_size(place: Place) -> None:
    text = "x" * 30_000
    entries = [entry(f"m-{number}", properties={"text": text}) for number in range(100)]
    [data] = pack(ENVELOPE, entries)
    assert len(data) < len(gzip.decompress(data)) / 50

    writer(place).write([ReceivedRecord(SHARD, "1", data)])

    held = place.rows("events")["properties"].to_pylist()
    assert held == [json.dumps({"text": text})] * 100
