"""``headwater demo`` on a running route: its visitors are in the tables, once."""

import re

import pytest

from e2e.route import Route, run

pytestmark = [pytest.mark.route]

SIZE = ("--days", "5", "--visitors", "40")


def test_the_demo_is_written_once(route: Route) -> None:
    place = ("--data-dir", str(route.data_dir))

    first = run("demo", *SIZE, *place)
    again = run("demo", *SIZE, *place)

    found = re.match(r"written ([\d,]+) events, 0 were there", first.out)
    assert found, first.err
    [row] = route.rows(
        "select count(*) n, count(distinct event_id) ids, count(distinct country) countries"
        " from events where app_id = 'demo'"
    )
    assert row["n"] == row["ids"] >= int(found[1].replace(",", ""))
    assert row["countries"] > 1
    assert re.search(rf", {found[1]} were there", again.out), again.err
    assert "ask funnel --app demo" in first.out
