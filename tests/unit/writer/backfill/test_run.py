import gzip
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.backfill import run
from headwater_writer.backfill.lines import Place
from headwater_writer.backfill.messages import UnknownAppError
from headwater_writer.backfill.run import Step, backfill
from headwater_writer.backfill.source import Folder
from headwater_writer.publish.memory_table import Watch, unwatched
from headwater_writer.rows.rows import Row
from unit.writer.backfill.archives import write_archive
from unit.writer.builders import (
    ENVELOPE,
    RECEIVED,
    SHARD,
    MemoryLake,
    body,
    entry,
    record,
    sequences,
)
from unit.writer.publish.places import LOOSE, PAID, STRICT, AtStep, CrashError, raising, steps_of

OTHER_SHARD = SHARD.replace("000", "001", 1)
REFUSED = Entry(b"{}", refusal="it is not a message")
JOINED = entry("joined", "identify", anonymousId="a", traits={"age": 7})
YEARS_AGO = RECEIVED - timedelta(days=2000)


def received(sequence: int, when: datetime, *entries: Entry, is_import: bool) -> ReceivedRecord:
    envelope = replace(ENVELOPE, received_at=when, context='{"locale":"de"}', is_import=is_import)
    [data] = pack(envelope, entries)
    return ReceivedRecord(SHARD, str(sequence), data)


STREAM = [
    record(7, entry("a"), REFUSED, JOINED, PAID),
    # Of a long time ago: as it arrived, a day late, too late to be believed, and as history.
    received(8, YEARS_AGO, entry("b", timestamp="2020-01-01T00:00:00Z"), is_import=False),
    received(9, RECEIVED, entry("c", timestamp="2020-01-01T00:00:00Z"), is_import=True),
    received(10, RECEIVED, entry("d", timestamp="2020-01-01T00:00:00Z"), is_import=False),
    record(11, entry("a")),  # What a client sent again.
    record(3, entry("e"), shard=OTHER_SHARD),
]
FILES = [STREAM[4:], STREAM[:3], STREAM[2:5]]
"""As Firehose may write them: out of order, and some twice."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Write the archive of the stream."""
    return write_archive(tmp_path / "archive", *FILES)


@pytest.fixture(autouse=True)
def _short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "RUN_MESSAGES", 3)


def live() -> MemoryLake:
    """Return the tables as the writer fills them from the stream."""
    lake = MemoryLake()
    lake.writer().write(STREAM[:5])
    lake.writer().write(STREAM[5:])
    return lake


def fill(
    lake: MemoryLake,
    folder: Path,
    *,
    app: str | None = None,
    after: Place | None = None,
    watch: Watch = unwatched,
) -> Sequence[Step]:
    return list(backfill(Folder(folder), lake.writer(watch), app=app, after=after))


def rows(lake: MemoryLake, table: str) -> list[Row]:
    """Return the rows but for what depends on when, and after which repeat, they were written."""
    varied = {"load_time", "ingest_sequence", "ingest_index"}
    return sorted(
        ({name: row[name] for name in row.keys() - varied} for row in lake.stores[table].rows),
        key=lambda row: str(row["event_id"]),
    )


def counts(steps: Sequence[Step]) -> tuple[int, int, int]:
    outcomes = [step.outcome for step in steps]
    return (
        sum(each.replayed for each in outcomes),
        sum(each.already for each in outcomes),
        sum(each.failing.total() for each in outcomes),
    )


def files(folder: Path, **texts: Sequence[Mapping[str, object]]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, messages in texts.items():
        lines = "".join(json.dumps(message) + "\n" for message in messages)
        (folder / f"{name}.jsonl").write_text(lines)
    return folder


def test_makes_of_an_archive_the_rows_that_the_stream_made(archive: Path) -> None:
    lake = MemoryLake()

    fill(lake, archive)

    assert {row["event_id"] for row in lake.events.rows} == {"a", "joined", "paid", *"bcde"}
    for table in (EVENTS.name, IDENTIFIES.name):
        assert rows(lake, table) == rows(live(), table)


def test_writes_nothing_that_is_there(archive: Path) -> None:
    lake = live()
    before = lake.events.metadata

    steps = fill(lake, archive)

    assert counts(steps) == (0, 10, 0)
    assert lake.events.metadata == before


def test_writes_everything_once_wherever_it_is_broken_off_twice(archive: Path) -> None:
    steps = steps_of(lambda watch: fill(MemoryLake(), archive, watch=watch))
    for first in steps:
        lake = MemoryLake()
        for number in (first, first // 2 + 1):
            with suppress(CrashError):
                fill(lake, archive, watch=AtStep(number, raising(CrashError())))
        fill(lake, archive)

        for table in (EVENTS.name, IDENTIFIES.name):
            assert rows(lake, table) == rows(live(), table), first


def test_writes_once_what_the_stream_delivers_too(archive: Path) -> None:
    steps = steps_of(lambda watch: fill(MemoryLake(), archive, watch=watch))
    for number in steps:
        lake = MemoryLake()

        def deliver(_step: object, lake: MemoryLake = lake) -> None:
            lake.writer().write(STREAM[:5])

        fill(lake, archive, watch=AtStep(number, deliver))
        lake.writer().write(STREAM[:5])

        assert rows(lake, EVENTS.name) == rows(live(), EVENTS.name), number


def test_writes_what_the_tracking_plan_rejects_when_it_no_longer_does(archive: Path) -> None:
    lake = MemoryLake(STRICT)
    refusals = [each for step in fill(lake, archive) for each in step.refusals]
    lake.rules = LOOSE

    again = fill(lake, archive)

    assert [(each.place, each.reason[:6]) for each in refusals] == [
        (("2026/01/31/01/part.gz", 3), "plan: ")
    ]
    assert counts(again) == (1, 9, 0)
    assert len(lake.events.rows) == len(live().events.rows)
    assert lake.failed.rows == []


def test_goes_on_after_a_place(archive: Path) -> None:
    steps = fill(MemoryLake(), archive)
    for number, step in enumerate(steps[1:], 1):
        lake = MemoryLake()
        rest = fill(lake, archive, after=step.place)

        assert counts(steps[: number + 1])[0] + counts(rest)[0] >= len(live().events.rows)
        assert [each.place for each in rest[1:]] == [each.place for each in steps[number + 1 :]]


def test_tells_how_much_is_read(archive: Path) -> None:
    size = sum(file.stat().st_size for file in archive.rglob("*.gz"))

    steps = fill(MemoryLake(), archive)

    done = [step.done for step in steps]
    assert done[0] == 0
    assert done == sorted(done)
    assert {step.of for step in steps} == {done[-1]} == {size}


HISTORY = [
    {"type": "track", "event": "Old", "userId": "u", "messageId": "m-1", "timestamp": "2015-01-01"},
    {"event": "Older", "userId": "u", "timestamp": "2014-12-31T23:59:59.5+01:00"},
    {"type": "page", "anonymousId": "a", "receivedAt": "2016-02-03T04:05:06Z"},
    {"type": "identify", "anonymousId": "a", "userId": "u"},
]


def test_keeps_the_times_of_messages_however_old(tmp_path: Path) -> None:
    lake = MemoryLake()

    fill(lake, files(tmp_path, history=HISTORY), app="shop")

    times = sorted((row["event_time"], row["server_event_time"]) for row in lake.events.rows)
    now = lake.writer().now()
    arrived = datetime(2016, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert times == [
        (datetime(2014, 12, 31, 22, 59, 59, 500_000, tzinfo=UTC), now),
        (datetime(2015, 1, 1, tzinfo=UTC), now),
        (arrived, arrived),
        (now, now),
    ]
    assert {row["app_id"] for row in lake.events.rows} == {"shop"}
    assert len(lake.stores[IDENTIFIES.name].rows) == 1


def test_writes_messages_once_though_years_pass(tmp_path: Path) -> None:
    lake = MemoryLake()
    folder = files(tmp_path, history=HISTORY)
    fill(lake, folder, app="shop")
    later = replace(lake.writer(), now=lambda: datetime(2036, 1, 1, tzinfo=UTC))

    steps = list(backfill(Folder(folder), later, app="shop"))

    assert counts(steps) == (0, 4, 0)


def test_writes_once_what_two_files_share(tmp_path: Path) -> None:
    lake = MemoryLake()
    fill(lake, files(tmp_path, first=HISTORY), app="shop")
    (tmp_path / "first.jsonl").rename(tmp_path / "renamed.jsonl")

    steps = fill(lake, files(tmp_path, longer=[*HISTORY, HISTORY[0]]), app="shop")

    assert counts(steps)[0] == 0
    assert len(lake.events.rows) == 4


def test_knows_an_event_that_came_over_the_stream(tmp_path: Path) -> None:
    lake = MemoryLake()
    sent = json.loads(body(timestamp=RECEIVED.isoformat(), type="track", messageId="m-1"))
    lake.writer().write([record(7, entry(timestamp=RECEIVED.isoformat()))])

    fill(lake, files(tmp_path, again=[sent]), app="shop")

    assert sequences(lake.events) == [7]


def test_keeps_apart_the_same_messages_of_two_apps(tmp_path: Path) -> None:
    lake = MemoryLake()
    folder = files(tmp_path, history=HISTORY)

    fill(lake, folder, app="shop")
    fill(lake, folder, app="blog")

    assert len(lake.events.rows) == 8


def test_names_the_lines_that_it_cannot_write(tmp_path: Path) -> None:
    lake = MemoryLake()
    damaged = {"archive_version": 1, "shard": SHARD, "sequence": "7", "index": 0}
    folder = files(tmp_path, bad=[damaged, HISTORY[0], {"type": "page"}])
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"{}\n" * 9)[:-4])

    steps = fill(lake, folder, app="shop")

    found = [each.place for step in steps for each in step.refusals]
    assert found[:2] == [("bad.jsonl", 1), ("bad.jsonl", 3)]
    assert found[-1][0] == "cut.gz"
    assert "gzip stream is damaged" in steps[-1].refusals[-1].reason
    assert len(lake.events.rows) == 1
    assert lake.stores[FAILED_RECORDS.name].rows == []


def test_asks_whose_messages_these_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownAppError, match="give `app`"):
        fill(MemoryLake(), files(tmp_path, history=HISTORY))
