from typing import Any

import msgspec
import pytest

from headwater_writer.maintenance.request import Request, Rewinding, request


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
    ],
)
def test_passes_nothing_over(event: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        request(event)
