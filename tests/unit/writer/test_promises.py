"""Numbers that the documentation promises, or that others depend on, by their values.

A test that takes a number from the code holds whatever the number is.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aws_lambda_powertools import Logger

from headwater_contract import client_times, ranges
from headwater_contract.limits import MAX_STREAM_RECORD_BYTES
from headwater_contract.tables import EVENTS
from headwater_contract.times import parse_time
from headwater_writer import chunks, handler
from headwater_writer.backfill import run as backfill
from headwater_writer.lake.ddl import properties
from headwater_writer.maintenance import run
from headwater_writer.maintenance.steps import orphans
from headwater_writer.maintenance.steps.repeats import LOADED_WITHIN
from headwater_writer.publish import lookup, presence, repeats, settle
from headwater_writer.staged import offering, wire
from unit.writer.builders import MemoryLake, kinesis_event, record, sequences, state

KINESIS_RECORD_BYTES = 2**20
_LOG = Logger(service="test", level="CRITICAL")
LAMBDA_LIVES = timedelta(minutes=15)


def test_a_repeat_is_known_for_an_hour() -> None:
    assert timedelta(hours=1) == repeats.WINDOW


def test_a_late_events_repeat_is_looked_for_within_a_day() -> None:
    assert timedelta(days=1) == lookup.REPEATS_WITHIN


def test_maintenance_deletes_repeats_of_three_days() -> None:
    assert timedelta(days=3) == LOADED_WITHIN


def test_an_orphan_is_three_days_old() -> None:
    assert timedelta(days=3) == orphans.MIN_AGE
    assert orphans.MIN_AGE > 100 * LAMBDA_LIVES
    assert orphans.MIN_AGE > 24 * wire.MAX_AGE


def test_a_ledger_has_32_ranges() -> None:
    assert ranges.MAX_RANGES == 32


def test_a_commit_is_tried_sixty_times() -> None:
    assert settle.MAX_TRIES == 60
    assert settle.LONGEST_PAUSE == 2


def test_a_writer_waits_forty_seconds_for_a_committer() -> None:
    assert offering.POLLS * offering.POLL_SECONDS / 2 == 40
    assert offering.COMMITS_ALONE == 16


def test_twenty_covered_messages_are_looked_up() -> None:
    assert presence.SAMPLE == 20


def test_a_step_of_maintenance_is_tried_three_times() -> None:
    assert run.TRIES == 3


def test_a_commit_holds_15_mb_of_messages() -> None:
    assert handler.MAX_CHUNK_BYTES // chunks.COPIES == 15 * 2**20
    assert handler.MAX_CHUNK_BYTES // chunks.ROW_BYTES == 122_880


def test_a_run_of_a_backfill_weighs_no_more_than_a_commit_may() -> None:
    weight = chunks.COPIES * backfill.RUN_BYTES + chunks.ROW_BYTES * backfill.RUN_MESSAGES

    assert backfill.RUN_MESSAGES == 10_000
    assert weight < handler.MAX_CHUNK_BYTES


def test_a_clock_is_believed_within_a_minute_and_a_day_ahead() -> None:
    assert timedelta(minutes=1) == client_times.SKEW_TOLERANCE
    assert timedelta(days=1) == client_times.MAX_FUTURE


def test_a_stream_record_leaves_room_for_its_partition_key() -> None:
    assert MAX_STREAM_RECORD_BYTES + 256 == KINESIS_RECORD_BYTES


def test_a_table_keeps_six_hours_and_twenty_snapshots() -> None:
    held = properties(EVENTS)

    assert held["history.expire.max-snapshot-age-ms"] == "21600000"
    assert held["history.expire.min-snapshots-to-keep"] == "20"


def test_maintenances_commits_are_tried_again_and_found_after_a_lost_answer() -> None:
    held = properties(EVENTS)
    repeated_for, commits_a_second = 4 * 30, 4

    assert int(held["commit.retry.num-retries"]) == 20
    assert int(held["write.metadata.previous-versions-max"]) >= repeated_for * commits_a_second


@pytest.fixture
def _west_of_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_west_of_greenwich")
def test_a_time_without_a_zone_is_utc_wherever_the_writer_runs() -> None:
    assert parse_time("2026-01-31T13:37:00") == datetime(2026, 1, 31, 13, 37, tzinfo=UTC)


def test_a_chunk_of_several_records_claims_from_its_first_to_its_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lake = MemoryLake()
    three = 3 * (chunks.ROW_BYTES + chunks.COPIES * len(record(1).data)) + 10
    monkeypatch.setattr(handler, "MAX_CHUNK_BYTES", three)

    handler.handle(kinesis_event([record(number) for number in range(1, 8)]), lake.writer(), _LOG)

    assert sequences(lake.events) == [1, 2, 3, 4, 5, 6, 7]
    assert str(state(lake.events).claimed) == "1-3,4-6,7-7"
