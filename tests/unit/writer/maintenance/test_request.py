from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from headwater_writer.maintenance.request import Listing, Request, Rewinding, request


@pytest.mark.parametrize(
    ("event", "asked"),
    [
        ({}, Request()),
        ({"tables": ["events"], "steps": ["expiry"]}, Request(("events",), ("expiry",))),
        (
            {"rewind": {"table": "events", "to": "2026-01-31T13:37", "dry_run": True}},
            Request(rewind=Rewinding("events", "2026-01-31T13:37", dry_run=True)),
        ),
        ({"rewind": {"table": "events", "to": 7}}, Request(rewind=Rewinding("events", 7))),
        ({"snapshots": {"table": "events"}}, Request(snapshots=Listing("events"))),
    ],
)
def test_reads_what_is_asked_for(event: dict[str, Any], asked: Request) -> None:
    assert request(event) == asked


@pytest.mark.parametrize(
    "event",
    [
        {"table": ["events"]},
        {"tables": "events"},
        {"rewind": {"table": "events"}},
        {"rewind": {"table": "events", "to": 7, "dry-run": True}},
        {"tables": ["people"]},
        {"steps": ["sweeping"]},
        {"rewind": {"table": "people", "to": 7}},
        {"rewind": {"table": "events", "to": "yesterday"}},
        {"rewind": {"table": "events", "to": 7}, "tables": ["events"]},
        {"rewind": {"table": "events", "to": 7}, "snapshots": {"table": "events"}},
        {"snapshots": {"table": "people"}},
        {"register": {"table": "people"}},
        {"register": {"table": "events"}, "steps": ["expiry"]},
        {"register": {"table": "events"}, "snapshots": {"table": "events"}},
    ],
)
def test_passes_nothing_over(event: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        request(event)


@pytest.mark.parametrize(
    ("to", "target"),
    [
        (7, 7),
        ("7", 7),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T13:37", datetime(2026, 1, 31, 13, 37, tzinfo=UTC)),
        ("2026-01-31T13:37+01:00", datetime(2026, 1, 31, 12, 37, tzinfo=UTC)),
    ],
)
def test_reads_a_snapshot_or_a_time(to: str | int, target: int | datetime) -> None:
    assert Rewinding("events", to).target == target


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ({"tables": ["people"]}, "unknown table 'people': choose from events, identifies, failed"),
        ({"steps": ["sweep"]}, "unknown step 'sweep': choose from compaction, manifests, expiry"),
        (
            {"rewind": {"table": "events", "to": "x"}},
            "'x' is neither a snapshot's id nor a time: write 2026-01-31T13:37",
        ),
    ],
)
def test_says_what_can_be_asked_for(event: dict[str, Any], sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        request(event)
