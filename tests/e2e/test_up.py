"""The whole route as a user has it: one command up, events in, rows out."""

import gzip
import json
import os
import signal
import socket
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from e2e.route import HEADWATER, PARTS, Route, run
from eventually import eventually

pytestmark = pytest.mark.route

ROW_SECONDS = 30.0
KILLS_OF_EACH = 3
AS_JSON = ("--dialect", "duckdb", "--format", "json")
QUERY_RUNS_AFTER_CPU_SECONDS = 10.0


def _count(route: Route, event: str) -> list[dict[str, int]]:
    return route.rows(
        "select count(*) as n, count(distinct event_id) as ids from events "
        f"where event_type = '{event}'"
    )


def _is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


class Client(threading.Thread):
    """Sends events until told to stop, and remembers which were answered 2xx."""

    def __init__(self, route: Route, event: str) -> None:
        super().__init__()
        self.answered: list[str] = []
        self._route = route
        self._event = event
        self._enough = threading.Event()

    def run(self) -> None:
        """Send one after the other; the next attempt at a refused one is a new event."""
        while not self._enough.is_set():
            message_id = str(uuid.uuid4())
            try:
                answer = self._route.track(self._event, messageId=message_id)
            except httpx.TransportError:
                continue
            if answer.is_success:
                self.answered.append(message_id)

    def finish(self) -> list[str]:
        """Stop sending and return the ids of the events that must be there."""
        self._enough.set()
        self.join()
        return self.answered


@contextmanager
def _sending(route: Route, event: str) -> Iterator[Client]:
    client = Client(route, event)
    client.start()
    try:
        yield client
    finally:
        client.finish()


def _sends_on(client: Client) -> Callable[[], bool]:
    before = len(client.answered)
    return lambda: len(client.answered) > before + 20


def test_an_event_becomes_a_row(route: Route) -> None:
    assert httpx.get(f"{route.api_url}/health", trust_env=False).status_code == 200

    assert route.track("an_event", properties={"a": 1}).status_code == 200

    eventually(lambda: _count(route, "an_event") == [{"n": 1, "ids": 1}], ROW_SECONDS)
    sql = "select user_id, properties from events where event_type = 'an_event'"
    [row] = json.loads(run("query", sql, *AS_JSON, "--data-dir", str(route.data_dir)).out)
    assert (row["user_id"], json.loads(row["properties"])) == ("u", {"a": 1})


def test_an_event_of_the_tracking_plan_has_typed_columns(route: Route) -> None:
    for total in (42, "a lot"):
        assert route.track("planned", properties={"total": total}).status_code == 200

    paid = "select typeof(prop_total) t, prop_total n from events where event_type = 'planned'"
    failed = "select reason from failed_records where stage = 'plan' and reason like '% a string'"
    reason = "planned.total must be a double and is a string"
    eventually(lambda: route.rows(paid) == [{"t": "DOUBLE", "n": 42.0}], ROW_SECONDS)
    eventually(lambda: route.rows(failed) == [{"reason": reason}], ROW_SECONDS)


def test_a_replay_judges_by_the_tracking_plan_of_the_run(route: Route) -> None:
    route.track("planned", properties={"total": []})
    route.wait_until_written()

    only = ("--stage", "plan", "--reason", "A LIST")
    outcome = run("replay", "--dry-run", *only, "--data-dir", str(route.data_dir))

    assert "1  plan: planned.total must be a double and is a list" in outcome.out


def test_maintains_a_table_and_takes_it_back(route: Route) -> None:
    route.track("kept")
    route.wait_until_written()
    on_this_route = ("--data-dir", str(route.data_dir))

    maintained = run("maintain", "--table", "events", "--step", "manifests", *on_this_route)
    listed = run("rewind", "--table", "events", "--list", *on_this_route)
    [*_, newest] = listed.out.splitlines()
    time, snapshot = newest.split()[:2]
    planned = run("rewind", "--table", "events", "--to", time, "--dry-run", *on_this_route)
    refused = run("rewind", "--table", "events", "--to", "2020-01-01", *on_this_route)

    assert maintained.out.startswith("events: files ")
    assert "\n  manifests   " in maintained.out
    assert newest.endswith("(the newest)")
    assert planned.out.startswith("events would be at snapshot ")
    assert snapshot.isdecimal()
    assert refused.code == 1
    assert refused.err.startswith("The table stays as it is: ")


def test_the_site_knows_where_the_api_is(route: Route) -> None:
    assert route.api_url in httpx.get(f"{route.site_url}/config.js", trust_env=False).text


def test_says_what_to_try_next(route: Route) -> None:
    assert route.site_url in route.said
    assert f"curl {route.api_url}/v1/track" in route.said
    assert "headwater query" in route.said


def test_every_part_is_a_process_of_its_own(route: Route) -> None:
    pids = {part: route.pid(part) for part in PARTS}

    assert len(set(pids.values())) == len(PARTS)
    assert route.status()["parts"] == pids


def test_listens_on_loopback_only(route: Route) -> None:
    addresses = {address for address, _ in route.listening()}

    assert {address.removeprefix("::ffff:") for address in addresses} == {"127.0.0.1"}


def test_sends_a_file_and_tells_which_lines_were_refused(route: Route, tmp_path: Path) -> None:
    good = [{"event": "from_file", "userId": f"u{n}"} for n in range(1000)]
    lines = [*map(json.dumps, good), "{bad", json.dumps({"event": "no_user"})]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(lines))

    outcome = run("send", str(file), "--api-url", route.api_url)

    assert outcome.code == 1
    assert "line 1001: the message cannot be read: it is not valid JSON" in outcome.err
    assert "line 1002: " in outcome.err
    assert outcome.out.startswith("sent 1,000, refused 2 in ")
    eventually(lambda: _count(route, "from_file") == [{"n": 1000, "ids": 1000}], ROW_SECONDS)


def test_sending_a_file_again_doubles_nothing(route: Route, tmp_path: Path) -> None:
    file = tmp_path / "history.json.gz"
    messages = [{"event": "sent_twice", "userId": f"u{n}"} for n in range(500)]
    file.write_bytes(gzip.compress(json.dumps(messages).encode()))

    outcomes = [run("send", str(file), "--data-dir", str(route.data_dir)) for _ in range(2)]

    assert [outcome.code for outcome in outcomes] == [0, 0]
    route.wait_until_written()
    assert _count(route, "sent_twice") == [{"n": 500, "ids": 500}]


def test_history_keeps_its_times_if_it_is_sent_as_such(route: Route, tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    old = {"userId": "u", "timestamp": "2024-02-29T10:00:00Z"}

    told = []
    for event, options in (("history", ["--import"]), ("late", [])):
        file.write_text(json.dumps(old | {"event": event}))
        told.append(run("send", str(file), *options, "--data-dir", str(route.data_dir)).err)

    route.wait_until_written()
    assert ["older than 30 days" in text for text in told] == [False, True]
    assert route.rows(
        "select event_type, app_id, time_source, year(event_time) = 2024 as is_kept from events "
        "where event_type in ('history', 'late') order by 1"
    ) == [
        {"event_type": "history", "app_id": "local", "time_source": "client", "is_kept": True},
        {"event_type": "late", "app_id": "local", "time_source": "clamped", "is_kept": False},
    ]


def test_sends_standard_input(route: Route) -> None:
    message = json.dumps({"event": "from_stdin", "userId": "u"})

    assert run("send", "-", "--api-url", route.api_url, stdin=message).code == 0

    eventually(lambda: _count(route, "from_stdin") == [{"n": 1, "ids": 1}], ROW_SECONDS)


def test_the_status_accounts_for_every_event(route: Route) -> None:
    before = route.wait_until_written()

    for _ in range(10):
        route.track("for_status")
    after = route.wait_until_written()

    assert after["total"] - before["total"] == 10
    assert after["written"] - before["written"] == 10
    assert after["lag_seconds"] == 0.0
    assert after["last_commit"] > (before["last_commit"] or "")


def test_a_table_without_rows_can_be_queried(route: Route) -> None:
    sql = "select * from events where false"
    assert run("query", sql, *AS_JSON, "--data-dir", str(route.data_dir)).out == "[]\n"


def test_an_error_in_sql_shows_the_place(route: Route) -> None:
    outcome = run("query", "select nope from events", "--data-dir", str(route.data_dir))

    assert outcome.code == 1
    assert 'Referenced column "nope" not found' in outcome.err
    assert outcome.err.splitlines()[-1].strip() == "^"


def test_an_interrupt_ends_a_query_without_a_word(route: Route) -> None:
    sql = "select sum(hash(a * b)) from range(1000000) x(a), range(1000000) y(b)"
    arguments = [*HEADWATER, "query", sql, "--dialect", "duckdb", "--data-dir", str(route.data_dir)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as query:
        process = psutil.Process(query.pid)
        eventually(lambda: process.cpu_times().user > QUERY_RUNS_AFTER_CPU_SECONDS, 120.0)
        query.send_signal(signal.SIGINT)
        printed, _ = query.communicate(timeout=60)

    assert (query.returncode, printed) == (-signal.SIGINT, b"")


def test_a_second_run_on_the_same_directory_is_refused(route: Route) -> None:
    outcome = run("up", *route.options)

    assert outcome.code == 1
    assert "already runs on" in outcome.err


def test_a_port_in_use_is_refused_and_nothing_is_started(own_route: Route) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        outcome = run("up", *own_route.options, "--api-port", port)

    assert outcome.code == 1
    assert f"Port {port} is in use" in outcome.err
    assert list((own_route.data_dir / "run").glob("*.pid")) == []


def test_every_answered_event_is_there_once_whatever_is_killed(own_route: Route) -> None:
    own_route.start()

    with _sending(own_route, "under_fire") as client:
        for part in ("writer", "driver", "collector") * KILLS_OF_EACH:
            own_route.kill(part)
            eventually(_sends_on(client), 60.0)
        answered = client.finish()

    own_route.wait_until_written()
    found = own_route.rows("select event_id from events where event_type = 'under_fire'")
    ids = [row["event_id"] for row in found]
    assert set(answered) - set(ids) == set()
    assert len(ids) == len(set(ids))
    # Each part, not all together: what dies by itself under load is restarted, too.
    for part in ("writer", "driver", "collector"):
        assert own_route.said.count(f"The {part} was killed by SIGKILL") == KILLS_OF_EACH
        assert own_route.said.count(f"The {part} runs again") >= KILLS_OF_EACH


def test_goes_on_with_its_data_after_a_stop(own_route: Route) -> None:
    own_route.start()
    own_route.track("before")
    pids = [own_route.pid(part) for part in PARTS]

    assert own_route.stop() == 0
    assert all(map(_is_gone, pids))
    assert list((own_route.data_dir / "run").glob("*.pid")) == []

    own_route.start()
    own_route.track("after")
    eventually(lambda: _count(own_route, "after") == [{"n": 1, "ids": 1}], ROW_SECONDS)
    assert _count(own_route, "before") == [{"n": 1, "ids": 1}]


def test_nothing_outlives_a_supervisor_that_was_killed(own_route: Route) -> None:
    own_route.start()
    own_route.track("before")
    pids = [own_route.pid(part) for part in PARTS]

    own_route.stop(signal.SIGKILL)

    eventually(lambda: all(map(_is_gone, pids)), 60.0)
    own_route.start()
    eventually(lambda: _count(own_route, "before") == [{"n": 1, "ids": 1}], ROW_SECONDS)


def test_ends_when_the_stand_in_dies_and_recovers_the_tables(own_route: Route) -> None:
    own_route.start()
    own_route.track("before")
    own_route.wait_until_written()
    pids = [own_route.pid(part) for part in PARTS]

    os.kill(own_route.pid("aws"), signal.SIGKILL)

    assert own_route.exit_code() == 1
    assert "`aws` was killed by SIGKILL" in own_route.said
    assert all(map(_is_gone, pids))
    own_route.start()
    assert "could not save its stream" in own_route.said
    assert _count(own_route, "before") == [{"n": 1, "ids": 1}]
