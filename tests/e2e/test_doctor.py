"""The doctor at the whole route: well, ailing, and not there."""

from pathlib import Path

import pytest

from e2e.route import Route, run

pytestmark = pytest.mark.route


def test_follows_an_event_of_its_own_to_its_row(route: Route) -> None:
    examined = run("doctor", "--send", "--data-dir", str(route.data_dir))

    assert examined.code == 0, examined.out + examined.err
    assert "✓ collector:" in examined.out
    assert "✓ stream:" in examined.out
    assert "✓ probe: its event was a row after" in examined.out
    assert "✗" not in examined.out
    bots = "select is_bot from events where event_type = 'headwater_doctor'"
    assert route.rows(bots) == [{"is_bot": True}]


@pytest.mark.browser
def test_follows_a_page_in_a_browser_to_its_row(route: Route) -> None:
    examined = run("doctor", "--page", route.site_url, "--data-dir", str(route.data_dir))

    assert examined.code == 0, examined.out + examined.err
    assert f"✓ snippet: {route.api_url} accepted what it sent, 1 in all (200)" in examined.out
    assert "✓ row: its event was a row after" in examined.out
    assert "✗" not in examined.out
    visits = "select is_bot, path from events where user_agent like '%headwater-doctor (bot)' "
    assert {"is_bot": True, "path": "/"} in route.rows(f"{visits} and event_type = 'page_view'")


def test_refuses_what_is_no_page(route: Route) -> None:
    examined = run("doctor", "--page", "file:///etc/hosts", "--data-dir", str(route.data_dir))

    assert examined.code == 1
    assert "give it with http:// or https://" in examined.err


def test_says_that_nothing_runs(tmp_path: Path) -> None:
    examined = run("doctor", "--data-dir", str(tmp_path))

    assert examined.code == 1
    assert "start it with `headwater up`" in examined.err


def test_reads_outputs_from_standard_input_and_refuses_what_they_are_not() -> None:
    examined = run("doctor", "--outputs", "-", stdin="{}")

    assert examined.code == 1
    assert "The outputs have no `api_instance_url`" in examined.err
