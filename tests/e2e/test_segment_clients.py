"""Many events of clients that nobody here wrote, pointed at the local API."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.route import Route

pytestmark = pytest.mark.route

CLIENTS = Path(__file__).parents[1] / "clients"
COUNT = 1000


@pytest.fixture(scope="module")
def sent(route: Route) -> Route:
    """The route after both clients have sent all their events and these were written."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed, and one of the two clients needs it")
    for command in (
        [sys.executable, str(CLIENTS / "python" / "send_many.py")],
        [node, str(CLIENTS / "node" / "segment_many.mjs")],
    ):
        subprocess.run([*command, route.api_url, str(COUNT)], check=True, timeout=120)
    route.wait_until_written()
    return route


def test_every_event_of_segments_clients_is_a_row_once(sent: Route) -> None:
    rows = sent.rows(
        "select count(distinct event_id) as events, count(*) as rows from events "
        "where app_id in ('segment-python', 'segment-node')"
    )

    assert rows == [{"events": 2 * COUNT, "rows": 2 * COUNT}]


@pytest.mark.parametrize(
    ("app_id", "event", "library"),
    [
        ("segment-python", "sent_by_python", "analytics-python"),
        ("segment-node", "sent_by_node", "@segment/analytics-node"),
    ],
)
def test_their_fields_are_in_their_columns(
    sent: Route, app_id: str, event: str, library: str
) -> None:
    rows = sent.rows(
        "select event_type, channel, is_identified, count(distinct user_id) as users, "
        "sum((properties::json->>'number')::int) as total, "
        "split_part(max(library), '/', 1) as library_start, count(*) as rows "
        f"from events where app_id = '{app_id}' group by all"
    )

    assert rows == [
        {
            "event_type": event,
            "channel": "server",
            "is_identified": True,
            "users": 10,
            "total": sum(range(COUNT)),
            "library_start": library.partition("/")[0],
            "rows": COUNT,
        }
    ]
