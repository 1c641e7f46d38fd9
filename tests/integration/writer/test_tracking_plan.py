"""A tracking plan's columns come, hold what they say and stay, on real Spark, Iceberg and S3."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from aws_lambda_powertools import Logger
from pyiceberg.types import (
    BooleanType,
    DoubleType,
    IcebergType,
    LongType,
    StringType,
    TimestampType,
)

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.tables import EVENTS
from headwater_local import aws_client
from headwater_writer.lake.ddl import ColumnTypeError
from headwater_writer.maintenance.steps.compaction import compact
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.process import Process, rules
from headwater_writer.replay.filter import Filter
from headwater_writer.replay.outcome import Outcome
from headwater_writer.replay.run import failed_records
from headwater_writer.settings import Settings
from headwater_writer.tracking_plan.plan import TrackingPlanError
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import RECEIVED, entry, record

pytestmark = SPARK

_LOGGER = Logger(service="test", level="CRITICAL")

PAID: Final = """
version: 1
events:
  paid:
    properties:
      total: double
      items: long
      coupon: string
      gift: boolean
      paidAt: timestamp
"""
TYPES: Final[dict[str, type[IcebergType]]] = {
    "prop_total": DoubleType,
    "prop_items": LongType,
    "prop_coupon": StringType,
    "prop_gift": BooleanType,
    "prop_paid_at": TimestampType,
}
SENT: Final = {
    "total": 42,
    "items": 2**53 + 1,
    "coupon": "",
    "gift": False,
    "paidAt": "2026-01-31T12:00:00+01:00",
}
HELD: Final = {
    "prop_total": 42.0,
    "prop_items": 2**53 + 1,
    "prop_coupon": "",
    "prop_gift": False,
    "prop_paid_at": datetime(2026, 1, 31, 11),  # noqa: DTZ001 (as the table has it)
}
NOTHING: Final = dict.fromkeys(HELD)


def plan_of(total: str, *more: str, on_mismatch: str = "keep") -> str:
    properties = ", ".join([f"total: {total}", *more])
    event = f"{{on_mismatch: {on_mismatch}, properties: {{{properties}}}}}"
    return f"version: 1\nevents: {{paid: {event}}}"


def paid(sequence: int, **properties: object) -> ReceivedRecord:
    return record(sequence, entry(f"m-{sequence}", event="paid", properties=properties))


@dataclass(frozen=True)
class Planned:
    """Processes with a plan each, on the tables of one place."""

    place: Place
    settings: Settings

    def process(self, plan: str | None) -> Process:
        """Start a process with a plan, which is an object in S3."""
        if plan is None:
            return Process.on(self.place.spark, self.settings, rules(self.settings), _LOGGER)
        key = f"config/{hash(plan)}.yaml"
        bucket = self.place.database
        aws_client.s3(self.place.endpoint).put_object(Bucket=bucket, Key=key, Body=plan.encode())
        settings = replace(self.settings, tracking_plan=f"s3://{bucket}/{key}")
        return Process.on(self.place.spark, settings, rules(settings), _LOGGER)

    def write(self, plan: str | None, *records: ReceivedRecord) -> Process:
        """Write records in a process of their own."""
        process = self.process(plan)
        process.writer.write(records)
        return process

    def replay(self, plan: str) -> Outcome:
        """Put the failed records through again in a process with a plan."""
        steps = failed_records(self.process(plan), self.settings, Filter(), dry=False)
        return sum((step.outcome for step in steps), Outcome())

    def columns(self, *names: str) -> list[dict[str, Any]]:
        """Return some columns of all events, in the order of the stream."""
        found = self.place.rows("events").sort_by("ingest_sequence").select(list(names))
        return found.to_pylist()

    def held(self, name: str) -> Sequence[object]:
        """Return a column of all events, in the order of the stream."""
        return [row[name] for row in self.columns(name)]


@pytest.fixture
def planned(
    place: Place, writer_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Planned:
    for name, value in aws_client.environment(place.endpoint).items():
        monkeypatch.setenv(name, value)
    settings = replace(
        Settings.from_environment(writer_environment | aws_client.environment(place.endpoint)),
        database=place.database,
        warehouse=place.warehouse,
        failed_records=f"s3://{place.database}",
    )
    return Planned(place, settings)


def test_makes_typed_columns_and_fills_them(planned: Planned) -> None:
    planned.write(PAID, paid(1, **SENT), paid(2, **{key: [] for key in SENT}), record(3))

    fields = {field.name: field for field in planned.place.table("events").schema().fields}
    assert {name: type(fields[name].field_type) for name in TYPES} == TYPES
    assert fields["prop_total"].doc == "total of paid"
    assert planned.columns(*HELD) == [HELD, NOTHING, NOTHING]


def test_adds_columns_to_a_table_that_is_there(planned: Planned) -> None:
    planned.write(None, paid(1, **SENT))

    planned.write(plan_of("double"), paid(2, **SENT))
    planned.write(PAID, paid(3, **SENT))

    assert planned.held("prop_total") == [None, 42.0, 42.0]
    assert planned.held("prop_gift") == [None, None, False]


def test_writers_with_an_older_plan_or_none_go_on(planned: Planned) -> None:
    without, older = planned.process(None), planned.process(plan_of("double"))
    newer = planned.process(PAID)

    for number, process in enumerate((newer, older, without, planned.process(None)), 1):
        process.writer.write([paid(number, **SENT)])

    assert planned.held("prop_total") == [42.0, 42.0, None, None]
    assert planned.held("prop_items") == [2**53 + 1, None, None, None]


def test_keeps_values_when_files_are_compacted(planned: Planned) -> None:
    for number, plan in enumerate((None, plan_of("double"), PAID, None, PAID), 1):
        planned.write(plan, paid(number, **SENT))

    table = MaintainedTable(planned.place.spark, planned.place.database, EVENTS)
    done = compact(table, RECEIVED + timedelta(hours=1))

    assert (done["files_rewritten"], done["files_added"]) == (5, 1)
    some = NOTHING | {"prop_total": 42.0}
    assert planned.columns(*HELD) == [NOTHING, some, HELD, NOTHING, HELD]


def test_adds_columns_beside_others_that_do_and_writers_that_commit(planned: Planned) -> None:
    busy = planned.write(None, record(100))
    plans = [plan_of("double", f"p{number}: long") for number in range(4)]

    with ThreadPoolExecutor() as threads:
        processes = [threads.submit(planned.process, plan) for plan in plans]
        for number in range(101, 111):
            busy.writer.write([record(number)])

    for number, process in enumerate(processes, 111):
        process.result().writer.write([paid(number, total=1, p0=0, p1=1, p2=2, p3=3)])
    names = [f"prop_p{number}" for number in range(4)]
    assert planned.columns(*names)[-4:] == [
        dict.fromkeys(names) | {name: number} for number, name in enumerate(names)
    ]


def test_refuses_to_change_a_columns_type(planned: Planned) -> None:
    planned.write(plan_of("double"), paid(1, total=42))

    with pytest.raises(ColumnTypeError, match="prop_total of the table events is a double, and a"):
        planned.process(plan_of("string"))

    planned.write(plan_of("{type: string, column: prop_total_text}"), paid(2, total="42"))
    assert planned.columns("prop_total", "prop_total_text") == [
        {"prop_total": 42.0, "prop_total_text": None},
        {"prop_total": None, "prop_total_text": "42"},
    ]


def test_sets_a_mismatch_aside_and_replays_it_when_the_plan_has_changed(planned: Planned) -> None:
    strict = plan_of("{type: double, required: true}", on_mismatch="fail")
    planned.write(strict, paid(1, total=1), paid(2, total="2"), paid(3))

    failed = planned.place.rows("failed_records").sort_by("ingest_sequence").to_pylist()
    assert [(row["stage"], row["reason"]) for row in failed] == [
        ("plan", "paid.total must be a double and is a string"),
        ("plan", "paid.total is missing"),
    ]
    assert planned.replay(strict).failing.total() == 2
    optional = planned.replay(plan_of("double", on_mismatch="fail"))
    assert (optional.replayed, optional.failing.total()) == (1, 1)
    assert planned.replay(plan_of("double")) == Outcome(replayed=1, already=1)
    assert planned.held("prop_total") == [1.0, None, None]


def test_keeps_failed_events_apart_from_refused_ones(planned: Planned) -> None:
    planned.write(plan_of("double", on_mismatch="fail"), paid(1, total="1"))

    s3 = aws_client.s3(planned.place.endpoint)
    [found] = s3.list_objects_v2(Bucket=planned.place.database, Prefix="failed_")["Contents"]
    assert found["Key"].startswith("failed_transformation_records/")


def test_does_not_start_with_a_plan_that_cannot_be_used(planned: Planned) -> None:
    with pytest.raises(TrackingPlanError, match=r"s3://.* cannot be used: line 2: paid.total has"):
        planned.process(plan_of("decimal"))

    nowhere = replace(planned.settings, tracking_plan=f"s3://{planned.place.database}/none.yaml")
    with pytest.raises(TrackingPlanError, match=r"cannot be read .*NoSuchKey"):
        rules(nowhere)
    assert not planned.place.holds(EVENTS.name)
