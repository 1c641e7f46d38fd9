"""The raw archive as a user has it: events in, lines in S3, and back into the tables."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from e2e.route import Route, run
from eventually import eventually
from headwater_local.names import ARCHIVE_PREFIX, BUCKET

pytestmark = pytest.mark.route

EVENTS = 3000
KILLS = 3
DOCS = Path(__file__).parents[2] / "docs" / "sinks.md"


@pytest.fixture(scope="module")
def route(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Route]:
    """Start a Headwater that archives."""
    own = Route(tmp_path_factory.mktemp("archive") / "data", "--sinks", "archive")
    own.start()
    yield own
    own.end()


@pytest.fixture(scope="module")
def sent(route: Route, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Send events, some of which the contract refuses, while the archive is killed."""
    ids = [f"e-{number}" for number in range(EVENTS)]
    file = tmp_path_factory.mktemp("sent") / "events.jsonl"
    file.write_text("".join(_line(each) for each in ids))
    assert run("send", str(file), "--data-dir", str(route.data_dir)).code == 0
    for _ in range(KILLS):
        route.kill("archive")
    assert route.track("", messageId="refused").status_code == 400
    route.wait_until_written()
    return ids


def _line(event_id: str) -> str:
    message = {"type": "track", "event": "Archived", "userId": "u", "messageId": event_id}
    return json.dumps(message | {"timestamp": "2026-01-31T13:37:00Z"}) + "\n"


def archived(route: Route) -> duckdb.DuckDBPyConnection:
    """Load the archive as the docs say."""
    [sql] = re.findall(r"```sql\n(create table events as.*?)```", DOCS.read_text(), re.DOTALL)
    objects = route.data_dir / "aws" / "s3" / BUCKET / ARCHIVE_PREFIX
    pattern = r"s3://NAME-raw-…/archive/2026/01/31/\*/\*\.gz"
    statement, found = re.subn(pattern, f"{objects}/**/*.gz", sql)
    assert found == 1
    connection = duckdb.connect()
    connection.execute(statement)
    return connection


def loaded(route: Route) -> list[tuple[str, str, str, str]]:
    if not list((route.data_dir / "aws" / "s3" / BUCKET / ARCHIVE_PREFIX).rglob("*.gz")):
        return []
    columns = "event_id, app_id, event, user_id"
    found = archived(route).execute(f"select {columns} from events order by all").fetchall()
    return [(str(a), str(b), str(c), str(d)) for a, b, c, d in found]


def test_archives_each_event_and_loads_into_duckdb(route: Route, sent: list[str]) -> None:
    expected = sorted((each, "local", "Archived", "u") for each in sent)

    assert eventually(lambda: loaded(route) == expected, 90.0)


def test_keeps_apart_what_was_refused(route: Route, sent: list[str]) -> None:
    refused = route.data_dir / "aws" / "s3" / BUCKET / "archive-errors" / "refused"

    assert sent
    assert eventually(lambda: list(refused.rglob("*.gz")), 90.0)


def test_a_backfill_of_the_archive_writes_nothing_that_is_there(
    route: Route, sent: list[str]
) -> None:
    eventually(lambda: len(loaded(route)) == len(sent), 90.0)

    done = run("backfill", f"s3://{BUCKET}/archive/", "--data-dir", str(route.data_dir))

    assert done.code == 0, done.err
    assert re.search(r"written +0\n", done.out)
    [row] = route.rows("select count(*) n, count(distinct event_id) ids from events")
    assert row == {"n": EVENTS, "ids": EVENTS}


def test_a_backfill_of_files_writes_them_once(route: Route, tmp_path: Path) -> None:
    old = {"event": "Old", "userId": "u", "timestamp": "2011-12-13T14:15:16Z"}
    (tmp_path / "a.jsonl").write_text(json.dumps(old) + "\n" + json.dumps({"event": "x"}) + "\n")
    where = (str(tmp_path), "--data-dir", str(route.data_dir))

    first, second = run("backfill", *where), run("backfill", *where)

    assert (first.code, second.code) == (1, 1)
    assert "a.jsonl line 2: userId and anonymousId are both missing" in first.err
    assert re.search(r"written +1\n", first.out)
    assert re.search(r"written +0\nalready there +1\n", second.out)
    when = "select event_time::varchar t, time_source s from events where event_type = 'Old'"
    assert route.rows(when) == [{"t": "2011-12-13 14:15:16", "s": "client"}]
