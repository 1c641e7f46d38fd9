from typing import Any

import msgspec
import pytest

from headwater_writer.failures.request import GivenUp, Replay, request


@pytest.mark.parametrize(
    ("event", "asked"),
    [
        ({"replay": {}}, Replay()),
        ({"replay": {"where": "true", "dry_run": True}}, Replay("true", dry_run=True)),
        ({"replay": {"after": ["clicks/shard", "7"]}}, Replay(after=("clicks/shard", "7"))),
        ({"replay": {"where": None, "after": None}}, Replay()),
        ({"given_up": {}}, GivenUp()),
        ({"given_up": {"alarm": True}}, GivenUp(alarm=True)),
    ],
)
def test_reads_what_is_asked_for(event: dict[str, Any], asked: Replay | GivenUp) -> None:
    assert request(event) == asked


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"replay": {"were": "true"}},
        {"replay": {"dry-run": True}},
        {"replay": {"dry_run": "yes"}},
        {"replay": {}, "given_up": {}},
        {"rewind": {}},
        {"replays": {}},
        {"given_up": []},
    ],
)
def test_passes_nothing_over(event: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        request(event)
