"""`headwater tail` beside the whole route."""

import json
from pathlib import Path

import pytest

from e2e.route import Route, run

pytestmark = pytest.mark.route


def _place(route: Route) -> tuple[str, str]:
    return "--data-dir", str(route.data_dir)


def test_shows_what_was_accepted_and_what_was_refused_and_why(route: Route) -> None:
    route.track("tailed")
    route.track("tailed", timestamp="yesterday")

    accepted = run("tail", "--minutes", "5", "--event", "tailed", "-n", "1", *_place(route))
    chosen = ("--minutes", "5", "--event", "tailed", "--refused", "--json", "-n", "1")
    refused = run("tail", *chosen, *_place(route))

    assert "✓ accepted  track tailed  app default" in accepted.out
    seen = json.loads(refused.out)
    assert (seen["fate"], seen["app_id"]) == ("refused", "default")
    assert seen["reason"].startswith("timestamp 'yesterday'")
    at = f"ingest_sequence = '{seen['sequence']}' and ingest_index = {seen['index']}"
    route.wait_until_written()
    assert route.rows(f"select stage from failed_records where {at}") == [{"stage": "collector"}]


def test_shows_what_was_accepted_and_did_not_become_a_row(route: Route) -> None:
    route.track("planned", properties={"total": "not a number"})

    chosen = ("--minutes", "5", "--event", "planned", "--refused", "--json", "-n", "1")
    followed = run("tail", *chosen, *_place(route))

    failed = json.loads(followed.out)
    assert (failed["fate"], failed["message_type"]) == ("failed", "track")
    assert failed["reason"].startswith("plan: ")


def test_says_that_nothing_runs(tmp_path: Path) -> None:
    followed = run("tail", "--data-dir", str(tmp_path))

    assert followed.code == 1
    assert "start it with `headwater up`" in followed.err
