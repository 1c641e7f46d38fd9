"""The shipped example, polled into the lake by a process that is killed in the middle."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from e2e.route import HEADWATER, Route
from unit.poller.api import Asked, Reply, serving

pytestmark = pytest.mark.route

EXAMPLE = Path(__file__).parents[2] / "lambdas" / "poller" / "examples" / "weblogs.yaml"
PAGE = 250
RECORDS = 4000
KILLED_AT = (5, 9, 14)
"""The page at which the first three processes are killed."""


def weblog(number: int, now: int) -> dict[str, Any]:
    """A record as the example describes them; every hundredth says a type that it lets not in."""
    return {
        "event_id": f"e{number}",
        "event_type": "login_failed" if number == RECORDS - 1 else "page_view",
        "timestamp": now - 3600 + number // 2,
        "user_id": f"u{number % 50}",
        "session_id": f"s{number % 90}",
        "page": f"/page/{number % 7}",
        "referrer": "https://example.com/",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "ip": "192.0.2.7",
        "duration": 12.5,
    }


class Weblogs:
    """The example's API, which kills a process at the page that was agreed on."""

    def __init__(self) -> None:
        now = int(time.time())
        self.records = [weblog(number, now) for number in range(RECORDS)]
        self.process: subprocess.Popen[str] | None = None
        self.kill_at: int | None = None

    def respond(self, asked: Asked) -> Reply:
        assert asked.headers["authorization"] == "Bearer s3cret"
        start = int(asked.params.get("cursor", "0"))
        if self.kill_at is not None and start == self.kill_at * PAGE and self.process:
            self.process.send_signal(signal.SIGKILL)
        since = int(asked.params["from"])
        found = [each for each in self.records if each["timestamp"] >= since]
        page = found[start : start + PAGE]
        following = str(start + PAGE) if start + PAGE < len(found) else None
        return Reply({"events": page, "next_cursor": following})

    def polled_by(self, command: list[str], kill_at: int | None) -> tuple[int, str]:
        """Run a process to its end, or to a page, and return its exit code and output."""
        self.kill_at = kill_at
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "WEBLOGS_TOKEN": "s3cret"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said, _ = self.process.communicate(timeout=120)
        return self.process.returncode, said


def test_every_record_of_a_poller_that_is_killed_three_times_is_there_once(
    route: Route, tmp_path: Path
) -> None:
    weblogs = Weblogs()
    config = tmp_path / "renamed.yaml"
    with serving(weblogs.respond) as api:
        example = EXAMPLE.read_text().replace("https://api.example.com/v1/events", api.url)
        config.write_text(example.replace("limit: 1000", f"limit: {PAGE}"))
        command = [*HEADWATER, "poll", str(config), "--once", "--data-dir", str(route.data_dir)]
        for page in KILLED_AT:
            assert weblogs.polled_by(command, page)[0] == -signal.SIGKILL
        code, said = weblogs.polled_by(command, None)
        assert code == 0, said
        again = weblogs.polled_by(command, None)

    assert "refused 1" in said
    assert again[0] == 0
    assert "sent 0, refused 0" in again[1]
    route.wait_until_written()
    assert route.rows(
        "select count(*) as events, count(distinct event_id) as ids,"
        " count(distinct user_id) as users,"
        " min(channel) as channel, min(event_type) as event_type, min(session_id) as session,"
        " min(browser) as browser, count(distinct path) as paths,"
        " min(time_source) as time_source"
        " from events where app_id = 'website'"
    ) == [
        {
            "events": RECORDS - 1,
            "ids": RECORDS - 1,
            "users": 50,
            "channel": "poller",
            "event_type": "page_view",
            "session": "s0",
            "browser": "Firefox",
            "paths": 7,
            "time_source": "client",
        }
    ]
    assert route.rows("select stage, reason from failed_records where app_id = 'website'") == [
        {
            "stage": "collector",
            "reason": "the record cannot be mapped: event type 'login_failed' is not in "
            "event_types",
        }
    ]
