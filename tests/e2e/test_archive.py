"""The raw archive as a user has it: events in, lines in S3, and back into the tables."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.route import Route, run
from eventually import eventually
from headwater_local import aws_client
from headwater_local.names import ARCHIVE_PREFIX, BUCKET

pytestmark = pytest.mark.route

EVENTS = 500


@pytest.fixture(scope="module")
def route(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Route]:
    """Start a Headwater that archives."""
    own = Route(tmp_path_factory.mktemp("archive") / "data", "--sinks", "archive")
    own.start()
    yield own
    own.end()


def test_a_backfill_of_the_archive_writes_nothing_that_is_there(
    route: Route, tmp_path: Path
) -> None:
    messages = [{"event": "Archived", "userId": "u", "messageId": f"m-{n}"} for n in range(EVENTS)]
    (tmp_path / "sent.jsonl").write_text("".join(json.dumps(each) + "\n" for each in messages))
    where = ("--data-dir", str(route.data_dir))
    s3 = aws_client.s3(route.aws_url)
    assert run("send", str(tmp_path / "sent.jsonl"), *where).code == 0
    route.wait_until_written()
    eventually(lambda: s3.list_objects_v2(Bucket=BUCKET, Prefix=ARCHIVE_PREFIX)["KeyCount"], 60.0)
    route.kill("archive")

    done = run("backfill", f"s3://{BUCKET}/{ARCHIVE_PREFIX}", *where)

    assert done.code == 0, done.err
    assert re.search(r"written +0\n", done.out)
    [row] = route.rows("select count(*) n, count(distinct event_id) ids from events")
    assert row == {"n": EVENTS, "ids": EVENTS}


def test_a_backfill_of_files_writes_them_once(route: Route, tmp_path: Path) -> None:
    old = {"event": "Old", "userId": "u", "timestamp": "2011-12-13T14:15:16Z"}
    (tmp_path / "a.jsonl").write_text(json.dumps(old) + "\n" + json.dumps({"event": "x"}) + "\n")
    where = (str(tmp_path), "--app", "shop", "--data-dir", str(route.data_dir))

    first, second = run("backfill", *where), run("backfill", *where)

    assert (first.code, second.code) == (1, 1)
    assert "a.jsonl line 2: userId and anonymousId are both missing" in first.err
    assert re.search(r"written +1\n", first.out)
    assert re.search(r"written +0\nalready there +1\n", second.out)
    when = "select event_time::varchar t, time_source s from events where event_type = 'Old'"
    assert route.rows(when) == [{"t": "2011-12-13 14:15:16", "s": "client"}]
