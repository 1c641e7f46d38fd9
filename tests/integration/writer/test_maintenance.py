"""Maintenance of real tables, beside writers that go on: nothing is lost, nothing doubled."""

import json
import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from pyspark.sql import SparkSession

from headwater_contract.columns import Table
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.ranges import Ranges
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_local import aws_client
from headwater_writer.maintenance import lease
from headwater_writer.maintenance.errors import (
    LeaseHeldError,
    MaintenanceError,
    RewindError,
    StepError,
)
from headwater_writer.maintenance.lake import steps_of
from headwater_writer.maintenance.properties import update
from headwater_writer.maintenance.report import TableReport
from headwater_writer.maintenance.rewind import rewind
from headwater_writer.maintenance.run import Worker
from headwater_writer.maintenance.schedule import NAMES, Step
from headwater_writer.maintenance.steps import expiry
from headwater_writer.maintenance.steps.ledgers import IDLE_FOR
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.publish.fence import Change
from headwater_writer.publish.ledger import REWOUND as REWOUND_LISTS
from headwater_writer.publish.ledger import beside, property_name
from headwater_writer.spark.session import cut_off
from headwater_writer.writer import Writer
from integration.writer.batches import events_of, records
from integration.writer.faults import overtaken
from integration.writer.interceptor import Interceptor
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import GROUP, NOW, SHARD, entry, now, record

pytestmark = SPARK

LATER = datetime.now(UTC) + timedelta(hours=1)
DAYS_LATER = LATER + timedelta(days=4)
FLOOR = "history.expire.min-snapshots-to-keep"
LEDGER = property_name(GROUP, SHARD)
REWOUND = beside(LEDGER, REWOUND_LISTS)


def writer(place: Place, loaded_at: datetime = NOW) -> Writer:
    return place.writer(now=lambda: loaded_at)


def write(place: Place, *sequences: int) -> None:
    commits = writer(place)
    for sequence in sequences:
        commits.write([record(sequence)])


def maintained(place: Place, contract: Table = EVENTS) -> MaintainedTable:
    return MaintainedTable(place.spark, place.database, contract)


class Dated(MaintainedTable):
    """A table on a storage whose clock shows what it is told."""

    storage_clock = LATER

    def storage_time(self) -> datetime:
        return self.storage_clock


def maintain(
    place: Place,
    at: datetime = LATER,
    wanted: Iterable[str] = NAMES,
    contract: Table = EVENTS,
    holder: str = "test",
) -> TableReport:
    table = Dated(place.spark, place.database, contract)
    table.storage_clock = at
    return maintain_table(table, at, wanted, holder)


def maintain_table(
    table: MaintainedTable, at: datetime, wanted: Iterable[str], holder: str = "test"
) -> TableReport:
    worker = Worker(
        holder, lambda: at, lambda: math.inf, lambda _: nullcontext(), lambda _table, _step: None
    )
    return worker.maintain(table, steps_of(table), tuple(wanted))


def counted(report: TableReport) -> dict[str, int]:
    assert not report.failed, report
    return {name: count for step in report.steps for name, count in step.counts.items()}


def keep_snapshots(place: Place, floor: int) -> None:
    kept = {FLOOR: str(floor)}
    update(maintained(place), lambda found: {**found, **kept})


def ledger(place: Place) -> Ranges:
    return Ranges.parse(place.table("events").properties.get(LEDGER, ""))


def event_ids(place: Place) -> list[str]:
    return sorted(str(event_id) for event_id in place.rows("events")["event_id"])


def test_makes_small_files_one_and_keeps_rows_and_ledger(place: Place) -> None:
    write(place, *range(1, 13))
    before = ledger(place)

    done = counted(maintain(place))

    assert done["files_rewritten"] == 12
    assert done["files_added"] == 1
    assert done["manifests_added"] == 1
    assert place.table("events").inspect.files().num_rows == 1
    assert place.sequences("events") == list(range(1, 13))
    assert ledger(place) == before


def test_leaves_the_hour_alone_that_is_not_over(place: Place) -> None:
    write(place, *range(1, 7))

    done = counted(maintain(place, at=NOW + timedelta(minutes=10), wanted=["compaction"]))

    assert done["files_rewritten"] == 0


def test_sorts_by_the_order_of_the_table(place: Place) -> None:
    for number, name in enumerate("fcbdae", start=1):
        writer(place).write([record(number, entry(f"m-{number}", event=name))])

    maintain(place, wanted=["compaction"])

    assert place.rows("events")["event_type"].to_pylist() == list("abcdef")


def test_expires_snapshots_down_to_the_floor_and_keeps_the_ledger(place: Place) -> None:
    write(place, *range(1, 7))
    keep_snapshots(place, 2)
    before = ledger(place)

    done = counted(maintain(place, at=LATER + timedelta(hours=6), wanted=["compaction", "expiry"]))

    assert done["snapshots_before"] == 7
    assert done["snapshots_after"] == 2
    assert place.sequences("events") == list(range(1, 7))
    assert ledger(place) == before


def test_expires_young_snapshots_if_they_are_many(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place, *range(1, 9))
    keep_snapshots(place, 1)
    monkeypatch.setattr(expiry, "MAX_SNAPSHOTS", 3)

    done = counted(maintain(place, wanted=["expiry"]))

    assert done == {"snapshots_before": 8, "snapshots_after": 3}
    assert place.sequences("events") == list(range(1, 9))
    assert readable_snapshots(place) == [6, 7, 8]


def readable_snapshots(place: Place) -> list[int]:
    """Return the number of rows in each snapshot that is kept, as read from its files."""
    table = place.table("events")
    return [table.scan(snapshot_id=kept.snapshot_id).count() for kept in table.snapshots()]


def test_expires_none_that_the_table_is_to_keep(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place, *range(1, 9))
    keep_snapshots(place, 5)
    monkeypatch.setattr(expiry, "MAX_SNAPSHOTS", 3)

    done = counted(maintain(place, wanted=["expiry"]))

    assert done == {"snapshots_before": 8, "snapshots_after": 5}


def test_does_not_wait_for_the_hour_if_snapshots_are_too_many(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place, *range(1, 9))
    maintain(place, wanted=())
    few = maintain(place, wanted=())

    monkeypatch.setattr(expiry, "MAX_SNAPSHOTS", 3)
    many = maintain(place, wanted=())

    assert [step.step for step in few.steps] == []
    assert [step.step for step in many.steps] == ["expiry"]


def test_deletes_what_only_expired_snapshots_hold(place: Place) -> None:
    write(place, *range(1, 7))
    keep_snapshots(place, 1)
    maintain(place, wanted=["compaction"])
    write(place, 7)

    maintain(place, at=LATER + timedelta(hours=6), wanted=["expiry"])

    assert len(stored(place, "data")) == place.table("events").inspect.files().num_rows == 2
    assert place.sequences("events") == list(range(1, 8))


def test_leaves_the_files_of_too_long_a_history_to_the_search_for_orphans(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place, *range(1, 7))
    keep_snapshots(place, 1)
    monkeypatch.setattr(expiry, "MAX_READ", 5)

    done = counted(maintain(place, at=LATER + timedelta(hours=6), wanted=["expiry"]))
    left = stored(place, "metadata")
    maintain(place, at=DAYS_LATER, wanted=["orphans"])

    assert done == {"snapshots_before": 6, "snapshots_after": 1}
    assert len(manifest_lists(left)) == 6
    assert len(manifest_lists(stored(place, "metadata"))) == 1
    assert place.sequences("events") == list(range(1, 7))


def manifest_lists(keys: Iterable[str]) -> list[str]:
    return [key for key in keys if "/snap-" in key]


def stored(place: Place, folder: str) -> list[str]:
    listing = aws_client.s3(place.endpoint).list_objects_v2(
        Bucket=place.database, Prefix=f"lake/events/{folder}/"
    )
    return [item["Key"] for item in listing["Contents"]]


@pytest.mark.parametrize(
    "edited",
    [
        dict.fromkeys(("history.expire.max-snapshot-age-ms", FLOOR)),
        dict.fromkeys(("history.expire.max-snapshot-age-ms", FLOOR), "soon"),
        {"write.metadata.previous-versions-max": "-1", "commit.retry.num-retries": ""},
        {"write.metadata.compression-codec": "soon", "commit.retry.max-wait-ms": "soon"},
        {lease.PROPERTY: "nobody", "headwater.maintenance.done.expiry": "yesterday"},
    ],
    ids=["missing", "no numbers", "negative or empty", "no words", "notes"],
)
def test_goes_on_if_properties_are_nonsense(place: Place, edited: dict[str, str | None]) -> None:
    write(place, *range(1, 7))
    place.edit("events", edited)

    report = maintain(place, at=LATER + timedelta(hours=6), wanted=())

    assert [step.outcome for step in report.steps] == ["done"] * len(NAMES)
    assert report.error is None
    write(place, 7)
    assert place.sequences("events") == list(range(1, 8))


def test_a_batch_that_comes_again_after_maintenance_adds_nothing(place: Place) -> None:
    write(place, *range(1, 7))
    keep_snapshots(place, 1)
    maintain(place, at=DAYS_LATER)

    write(place, *range(1, 7))

    assert place.sequences("events") == list(range(1, 7))


def test_deletes_repeats_but_for_the_first(place: Place) -> None:
    hours = [NOW + timedelta(hours=hour) for hour in range(0, 6, 2)]
    writer(place, hours[1]).write([record(5, entry("again"), entry("other"))])
    writer(place, hours[2]).write([record(10, entry("again"))])
    writer(place, hours[0]).write([record(20, entry("again"), shard="clicks/shardId-1")])

    done = counted(maintain(place, at=hours[2], wanted=["repeats"]))

    assert done["repeats_deleted"] == 2
    assert event_ids(place) == ["again", "other"]
    assert place.sequences("events") == [5, 20]


def test_decides_among_repeats_of_one_moment_by_the_number_of_the_record(place: Place) -> None:
    for sequence in (100, 99):
        shard = f"clicks/shardId-{sequence}"
        writer(place).write([record(sequence, entry("again"), shard=shard)])

    maintain(place, at=NOW, wanted=["repeats"])

    assert place.sequences("events") == [99]


def test_deletes_no_repeat_of_another_app_or_of_long_ago(place: Place) -> None:
    write(place, 1)
    long_after = NOW + timedelta(days=4)
    writer(place, long_after).write([record(2, entry("m-1"))])

    done = counted(maintain(place, at=long_after, wanted=["repeats"]))

    assert done["repeats_deleted"] == 0
    assert place.sequences("events") == [1, 2]


def test_deletes_repeats_without_delete_files_while_writers_append(place: Place) -> None:
    writer(place).write([record(1, entry("again"))])
    writer(place, NOW + timedelta(hours=2)).write([record(2, entry("again"))])
    table = maintained(place)
    [*_, repeats] = steps_of(table)

    with committing(place, range(3, 15)):
        repeats.work(NOW + timedelta(hours=2))

    assert place.sequences("events") == [1, *range(3, 15)]
    assert place.table("events").inspect.delete_files().num_rows == 0


def test_deletes_old_orphans_and_no_file_that_a_writer_staged_just_now(place: Place) -> None:
    write(place, 1)
    table = place.lake().table(EVENTS)
    staged = table.stage(events_of(records(2, 2)))

    young = counted(maintain(place, wanted=["orphans"]))
    table.commit(staged, table.head(), Change({}, {}))
    table.stage(events_of(records(3, 3)))
    old = counted(maintain(place, at=DAYS_LATER, wanted=["orphans"]))

    assert young["orphans_deleted"] == 0
    assert old["orphans_deleted"] == 1
    assert place.sequences("events") == [1, 2]


def test_deletes_nothing_by_a_clock_that_is_days_ahead(place: Place) -> None:
    write(place, 1)
    table = place.lake().table(EVENTS)
    staged = table.stage(events_of(records(2, 2)))

    ahead = datetime.now(UTC) + timedelta(hours=97)
    report = maintain_table(maintained(place), ahead, ["orphans", "ledgers", "manifests"])
    table.commit(staged, table.head(), Change({}, {}))

    told = {step.step: step.error for step in report.steps if step.outcome == "failed"}
    assert told.keys() == {"orphans", "ledgers"}
    assert all(
        "clock is 97.0 hours ahead of the storage's" in str(error) for error in told.values()
    )
    assert place.sequences("events") == [1, 2]


def test_asks_the_storage_for_its_time_and_leaves_nothing_there(place: Place) -> None:
    write(place, 1)
    before = stored(place, "metadata")

    told = maintained(place).storage_time()

    assert abs(told - datetime.now(UTC)) < timedelta(minutes=1)
    assert stored(place, "metadata") == before


def test_closes_the_gaps_of_a_shard_that_the_mapping_cannot_come_back_to(place: Place) -> None:
    write(place, 1, 3)
    table = Dated(place.spark, place.database, EVENTS, timedelta(days=30))
    maintain_table(table, LATER, ["ledgers"])

    table.storage_clock = LATER + timedelta(days=14)
    done = counted(maintain_table(table, table.storage_clock, ["ledgers"]))

    assert done == {"ledgers_forgotten": 0, "gaps_closed": 1}
    assert place.table("events").properties[LEDGER] == "1-3"


def test_forgets_a_ledger_when_the_stream_has_none_of_its_records(place: Place) -> None:
    write(place, 1)
    table = Dated(place.spark, place.database, EVENTS, timedelta(days=1))
    maintain_table(table, LATER, ["ledgers"])

    table.storage_clock = LATER + timedelta(days=8)
    maintain_table(table, table.storage_clock, ["ledgers"])

    assert LEDGER not in place.table("events").properties


def test_forgets_the_ledger_of_a_shard_that_was_idle_for_long(place: Place) -> None:
    write(place, 1)
    noted = counted(maintain(place, wanted=["ledgers"]))

    forgotten = counted(maintain(place, at=LATER + IDLE_FOR, wanted=["ledgers"]))

    assert [noted["ledgers_forgotten"], forgotten["ledgers_forgotten"]] == [0, 1]
    assert LEDGER not in place.table("events").properties
    assert place.sequences("events") == [1]


def test_maintains_the_other_tables_too(place: Place) -> None:
    for sequence in range(1, 7):
        writer(place).write([ReceivedRecord(SHARD, str(sequence), b"poison")])

    failed = counted(maintain(place, at=DAYS_LATER, contract=FAILED_RECORDS))
    empty = counted(maintain(place, at=DAYS_LATER, contract=IDENTIFIES))

    assert failed["files_rewritten"] == 6
    assert failed["repeats_deleted"] == 0
    assert set(empty.values()) <= {0}
    assert place.rows("failed_records").num_rows == 6


def test_a_commit_that_was_decided_on_before_a_compaction_lands(
    place: Place, wire: Interceptor
) -> None:
    write(place, *range(1, 7))
    writer = overtaken(place, wire, lambda: maintain(place))

    writer.write([record(7)])

    assert place.sequences("events") == list(range(1, 8))


def test_a_zombie_adds_nothing_behind_a_compaction(place: Place, wire: Interceptor) -> None:
    write(place, *range(1, 7))

    def meanwhile() -> None:
        write(place, 7)
        maintain(place)

    zombie = overtaken(place, wire, meanwhile)

    zombie.write([record(7)])

    assert place.sequences("events") == list(range(1, 8))


def test_loses_and_doubles_nothing_beside_writers(place: Place) -> None:
    write(place, *range(1, 13))

    keep_snapshots(place, 1)

    with committing(place, range(13, 33)) as all_committed:
        while not all_committed.is_set():
            # In the future more expires, and in the present nothing that is staged is old.
            assert not maintain(place, at=DAYS_LATER, wanted=["compaction", "expiry"]).failed
            assert not maintain(place, wanted=["repeats", "manifests", "orphans", "ledgers"]).failed

    assert place.sequences("events") == list(range(1, 33))
    assert all(ledger(place).covers(sequence) for sequence in range(1, 33))


def test_gives_the_lease_to_one_of_many(place: Place) -> None:
    write(place, 1)
    start = Barrier(4)

    def take(holder: str) -> str | None:
        table = maintained(place)
        start.wait()
        try:
            update(table, lambda found: lease.taken(found, holder, LATER))
        except LeaseHeldError:
            return None
        return holder

    with ThreadPoolExecutor(4) as pool:
        takers = [holder for holder in pool.map(take, "abcd") if holder]

    held = place.table("events").properties[lease.PROPERTY]
    assert [lease.Lease.parse(held).holder] == takers


@pytest.mark.parametrize("seconds", [0.0, 0.5], ids=["before it begins", "while it runs"])
def test_breaks_off_what_takes_too_long(spark: SparkSession, seconds: float) -> None:
    with pytest.raises(Exception, match="cancelled"), cut_off(spark, seconds):
        spark.range(10**12).selectExpr("sum(id % 7)").collect()


def test_says_what_a_step_failed_of(place: Place) -> None:
    write(place, 1)

    with pytest.raises(StepError, match="no_such_option"):
        maintained(place).call("rewrite_data_files", "options => map('no_such_option', '1')")


def snapshot(place: Place) -> int:
    newest = place.table("events").current_snapshot()
    assert newest is not None
    return newest.snapshot_id


def test_rewinds_and_takes_again_what_comes_again_once(place: Place) -> None:
    write(place, 1, 2)
    there = snapshot(place)
    write(place, 3, 4)

    done = rewind(maintained(place), there, dry_run=False)
    rewound_to = place.sequences("events")
    write(place, 1, 2, 3, 4, 5)
    write(place, 1, 2, 3, 4, 5)

    assert (done.commits_left, done.rows_before, done.rows_after) == (2, 4, 2)
    assert done.properties.items() >= {LEDGER: "1-1,2-2", REWOUND: "3-4"}.items()
    assert rewound_to == [1, 2]
    assert place.sequences("events") == [1, 2, 3, 4, 5]


def test_rewinds_behind_a_claim_that_overlaps_what_the_table_keeps(place: Place) -> None:
    write(place, 1, 2)
    there = snapshot(place)
    writer(place).write([record(sequence) for sequence in (2, 3, 4)])

    rewind(maintained(place), there, dry_run=False)
    writer(place).write([record(sequence) for sequence in (1, 2, 3)])
    writer(place).write([record(sequence) for sequence in (2, 3, 4)])

    assert place.sequences("events") == [1, 2, 3, 4]


def test_rewinds_behind_maintenance_and_keeps_a_gap_open(place: Place) -> None:
    write(place, 1, 4, 5, 6, 7)
    there = snapshot(place)
    maintain(place)
    write(place, 2, 8)

    rewind(maintained(place), there, dry_run=False)
    write(place, *range(1, 9))

    assert place.sequences("events") == list(range(1, 9))


def test_rewinds_behind_rows_that_came_late_into_a_gap_that_had_closed(place: Place) -> None:
    write(place, 1, 5)
    # As 32 more claims would leave it.
    update(maintained(place), lambda found: {**found, LEDGER: "1-5"})
    there = snapshot(place)
    writer(place).write_late([record(3)])
    write(place, 6)

    rewind(maintained(place), there, dry_run=False)
    write(place, 1, 3, 5, 6)

    assert place.sequences("events") == [1, 3, 5, 6]


def test_a_writer_that_decided_before_a_rewind_decides_again(
    place: Place, wire: Interceptor
) -> None:
    write(place, 1)
    there = snapshot(place)
    write(place, 2)
    writer = overtaken(place, wire, lambda: rewind(maintained(place), there, dry_run=False))

    writer.write([record(2), record(3)])

    assert place.sequences("events") == [1, 2, 3]


def test_takes_a_rewind_back(place: Place) -> None:
    write(place, 1)
    there = snapshot(place)
    write(place, 2, 3)
    done = rewind(maintained(place), there, dry_run=False)

    rewind(maintained(place), done.from_snapshot, dry_run=False)
    write(place, 1, 2, 3, 4)

    assert place.sequences("events") == [1, 2, 3, 4]


def test_rewinds_to_what_was_newest_at_a_time(place: Place) -> None:
    write(place, 1)
    there = place.table("events").current_snapshot()
    assert there is not None
    write(place, 2)

    rewind(maintained(place), datetime.fromtimestamp(there.timestamp_ms / 1000, UTC), dry_run=False)

    assert snapshot(place) == there.snapshot_id


def test_changes_nothing_in_a_dry_run(place: Place) -> None:
    write(place, 1)
    there = snapshot(place)
    write(place, 2)
    before = place.table("events").metadata_location

    plan = rewind(maintained(place), there, dry_run=True)

    assert plan.properties.items() >= {LEDGER: "1-1", REWOUND: "2-2"}.items()
    assert place.table("events").metadata_location == before


def test_says_why_it_cannot_rewind(place: Place) -> None:
    place.lake().tables()
    with pytest.raises(RewindError, match="no snapshot yet"):
        rewind(maintained(place), 1, dry_run=True)

    write(place, 1)
    with pytest.raises(RewindError, match="no snapshot 1: it has expired"):
        rewind(maintained(place), 1, dry_run=False)
    with pytest.raises(RewindError, match="as old as 2020-01-01 00:00:00 UTC: it has expired"):
        rewind(maintained(place), datetime(2020, 1, 1, tzinfo=UTC), dry_run=False)
    assert lease.PROPERTY not in place.table("events").properties


@pytest.fixture
def function(
    place: Place,
    writer_environment: dict[str, str],
    import_function: Callable[[str], ModuleType],
    monkeypatch: pytest.MonkeyPatch,
) -> ModuleType:
    """The maintenance function as its image imports it, but with the Spark that is there."""
    where = {"GLUE_DATABASE": place.database, "WAREHOUSE": place.warehouse}
    environment = writer_environment | aws_client.environment(place.endpoint) | where
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return import_function("maintenance")


class Context:
    """What Lambda gives a function beside the event."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def test_answers_a_schedule(place: Place, function: ModuleType) -> None:
    write(place, 1)

    first = function.handler({"tables": ["events"]}, Context())
    second = function.handler({"tables": ["events"]}, Context())
    asked = function.handler({"tables": ["events"], "steps": ["expiry"]}, Context())

    reports = [answer["tables"][0]["steps"] for answer in (first, second, asked)]
    assert [[step["step"] for step in steps] for steps in reports] == [list(NAMES), [], ["expiry"]]


def test_maintains_the_other_tables_if_one_is_broken_held_or_gone(
    place: Place, function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer(place).write([record(1, entry("a", "identify"))])
    update(
        maintained(place, FAILED_RECORDS),
        lambda found: lease.taken(found, "another", datetime.now(UTC)),
    )
    place.edit("identifies", {LEDGER: "1-5,7-"})
    reports = reported(function, monkeypatch)

    with pytest.raises(MaintenanceError, match="failed on identifies: the log has a report"):
        function.handler({}, Context())

    failed, broken, events = reports
    assert failed["refused"].startswith("another is working on it")
    assert [step["step"] for step in broken["steps"] if step["outcome"] == "failed"] == ["ledgers"]
    assert [step["outcome"] for step in events["steps"]] == ["done"] * len(NAMES)


def test_maintains_the_other_tables_if_one_cannot_be_read(
    place: Place, function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place, 1)
    location = urlsplit(place.table("failed_records").metadata_location)
    aws_client.s3(place.endpoint).delete_object(
        Bucket=location.netloc, Key=location.path.lstrip("/")
    )
    reports = reported(function, monkeypatch)

    with pytest.raises(MaintenanceError, match="failed on failed_records: "):
        function.handler({}, Context())

    assert "metadata" in reports[0]["error"]
    assert [report["table"] for report in reports[1:]] == ["identifies", "events"]
    assert not any(report["error"] for report in reports[1:])


def test_leaves_a_table_that_is_dropped_meanwhile(place: Place) -> None:
    write(place, 1)
    table = maintained(place)
    steps = steps_of(table)

    def drop(_now: datetime) -> dict[str, int]:
        place.lake().drop(EVENTS)
        return {}

    worker = Worker(
        "test", lambda: LATER, lambda: math.inf, lambda _: nullcontext(), lambda _table, _step: None
    )
    report = worker.maintain(table, [Step("drop", timedelta(hours=1), drop), *steps])

    assert report.refused == "the table does not exist: it was dropped, or never created"
    assert not report.failed


def reported(function: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return the list that the reports of the function's log come to."""
    reports: list[dict[str, Any]] = []

    def info(_message: str, report: dict[str, Any] | None = None, **_fields: str) -> None:
        reports.extend([report] if report else [])

    monkeypatch.setattr(function, "_logger", SimpleNamespace(info=info))
    return reports


def test_rewinds_for_an_operator(place: Place, function: ModuleType) -> None:
    write(place, 1)
    there = snapshot(place)
    write(place, 2)

    def rewound(to: str | int, *, dry_run: bool = False) -> dict[str, Any]:
        event = {"rewind": {"table": "events", "to": to, "dry_run": dry_run}}
        answer: dict[str, Any] = function.handler(event, Context())
        json.dumps(answer)
        return answer

    dry, done = rewound(str(there), dry_run=True), rewound(there)

    assert dry == done
    assert snapshot(place) == done["rewind"]["snapshot"] == there
    assert rewound("2020-01-01")["error"].endswith("has expired")
    with pytest.raises(msgspec.ValidationError, match="unknown table 'event'"):
        function.handler({"rewind": {"table": "event", "to": there}}, Context())


def test_lists_what_can_be_rewound_to(place: Place, function: ModuleType) -> None:
    write(place, 1, 2)
    there = snapshot(place)
    write(place, 3)

    answer = function.handler({"snapshots": {"table": "events"}}, Context())
    nothing = function.handler({"snapshots": {"table": "identifies"}}, Context())

    json.dumps(answer)
    found = answer["snapshots"]
    assert [(each["operation"], each["rows"]) for each in found] == [
        ("append", rows) for rows in (1, 2, 3)
    ]
    assert found[1]["snapshot"] == there
    assert found[1]["committed_at"] <= found[2]["committed_at"]
    assert [each["is_newest"] for each in found] == [False, False, True]
    assert nothing == {"snapshots": []}


@contextmanager
def committing(place: Place, sequences: Iterable[int]) -> Iterator[Event]:
    """A writer commits a batch for each sequence number meanwhile; the event says it is through."""
    through = Event()

    def commit() -> None:
        try:
            commits = place.writer(now=now)
            for sequence in sequences:
                commits.write([record(sequence)])
        finally:
            through.set()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(commit)
        yield through
        running.result(timeout=120)
