"""Many events through all sinks, each killed three times meanwhile: all have all of them once."""

import json
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from e2e.route import run
from e2e.sinks import Sinks
from eventually import eventually
from headwater_local.data_dir import DataDir

EVENTS: Final = int(os.environ.get("EVENTS", "0"))
PATHS: Final = tuple(f"/bottles/{number}" for number in range(50))
CONSUMERS: Final = ("history", "counts")
PARTS: Final = 4
"""While each but the last of them is sent, every sink is killed."""

SECONDS: Final = 120 + EVENTS / 100

pytestmark = [
    pytest.mark.route,
    pytest.mark.on_request,
    pytest.mark.skipif(not EVENTS, reason="takes minutes: `make sinks-under-fire EVENTS=100000`"),
    pytest.mark.timeout(600 + EVENTS // 20),
]

_log = logging.getLogger(__name__)


@pytest.fixture
def sinks(tmp_path: Path) -> Iterator[Sinks]:
    route = Sinks(tmp_path / "data", "--sinks", "archive,history,counts")
    route.start()
    yield route
    route.end()


def test_each_sink_has_every_event_once_whatever_dies(
    sinks: Sinks, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "httpx")
    for part in range(PARTS):
        file = tmp_path / f"{part}.jsonl"
        file.write_text("".join(f"{json.dumps(each)}\n" for each in _messages(part)))
        with ThreadPoolExecutor(1) as background:
            before = {sink: _position(sinks, sink) for sink in CONSUMERS}
            sent = background.submit(run, "send", str(file), "--api-url", sinks.api_url)
            if part < PARTS - 1:
                _kill_each(sinks, before)
            if part == 1:
                sinks.kill("postgres")
            assert sent.result().code == 0, sent.result().err
    sinks.wait_until_written(SECONDS)

    rows = sinks.rows("select event_type, event_id from events")
    assert len({row["event_id"] for row in rows}) == len(rows) == EVENTS
    eventually(lambda: sum(sinks.totals().values()) >= EVENTS, SECONDS)
    assert sinks.totals() == sinks.totals("counts_by_minute") == _by_type(rows)
    ids = sorted(row["event_id"] for row in rows)
    assert eventually(lambda: (hits := _in_history(sinks))[EVENTS - 1 :] and hits, SECONDS) == ids
    assert eventually(lambda: (lines := _archived(sinks))[EVENTS - 1 :] and lines, SECONDS) == ids


def _kill_each(sinks: Sinks, before: dict[str, str]) -> None:
    """Kill each sink while it stores what is being sent.

    A consumer has stored some of it by then; the archive holds what it has read for five seconds.
    """
    for sink, position in before.items():
        _await_progress(sinks, sink, position)
        sinks.kill(sink)
    sinks.kill("archive")


def _await_progress(sinks: Sinks, sink: str, before: str) -> None:
    eventually(lambda: _position(sinks, sink) != before, SECONDS)


def _in_history(sinks: Sinks) -> list[str]:
    """Return the event ids of all items of the history, in order."""
    return sorted(hit["eventId"] for path in PATHS for hit in sinks.every_hit(path))


def _archived(sinks: Sinks) -> list[str]:
    """Return the event ids of what is archived, in order: Firehose delivers at least once."""
    lines = sinks.archived()
    once = {(line["shard"], line["sequence"], line.get("index")): line for line in lines}
    _log.info("%d lines of the archive are there twice", len(lines) - len(once))
    return sorted(line["event_id"] for line in once.values())


def _position(sinks: Sinks, sink: str) -> str:
    """Return how far a sink has stored the stream."""
    file = DataDir.at(sinks.data_dir).checkpoints(sink)
    return file.read_text() if file.exists() else ""


def _messages(part: int) -> Iterator[dict[str, object]]:
    for number in range(part, EVENTS, PARTS):
        path = PATHS[number % len(PATHS)]
        yield {
            "type": "track",
            "event": ("link_click", "add_to_basket", "search")[number % 3],
            "messageId": f"fire-{number}",
            "anonymousId": f"device-{number % 997}",
            "timestamp": datetime.now(UTC).isoformat(),
            "context": {"page": {"path": path, "url": f"https://shop.example{path}"}},
        }


def _by_type(rows: list[dict[str, str]]) -> dict[str, int]:
    types = [row["event_type"] for row in rows]
    return {each: types.count(each) for each in set(types)}
