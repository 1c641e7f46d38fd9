"""Every official client, run unmodified or as it was recorded, field by field into the table."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from clients.http_request import form_of
from clients.stage import Stage, Traffic
from clients.table import CLIENTS, Client
from e2e.route import Route

pytest_plugins = ["e2e.browser"]
pytestmark = [pytest.mark.route, pytest.mark.browser]

SAID: Mapping[str, Mapping[str, Any]] = {
    "identify": {"event_type": "identify", "properties": {"plan": "free"}},
    "track": {"event_type": "Order Paid", "properties": {"total": 42.5, "currency": "EUR"}},
    "page": {"event_type": "page_view", "properties": {"path": "/docs"}},
    "screen": {"event_type": "screen_view", "properties": {"tab": 1}},
    "group": {"event_type": "group", "group_id": "acme", "properties": {"size": 3}},
    "alias": {"event_type": "alias", "properties": {}},
}
"""What each call says, by the type of its message."""

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def traffic(
    route: Route, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Traffic]:
    """What each client sent, by its name, all of it written."""
    stage = Stage(route.api_url, browser, tmp_path_factory.mktemp("clients"))
    traffic = {client.name: stage.traffic_of(client) for client in CLIENTS}
    route.wait_until_written()
    return traffic


@pytest.fixture(scope="module")
def rows(route: Route, traffic: Mapping[str, Traffic]) -> Mapping[str, Rows]:
    """The rows of each client, by its key."""
    keys = ", ".join(f"'{each.key}'" for each in traffic.values())
    found = route.rows(
        "select * exclude (client_event_time, client_sent_time), "
        "client_event_time::varchar as client_event_time, "
        f"client_sent_time::varchar as client_sent_time from events where app_id in ({keys})"
    )
    return {
        each.key: [row for row in found if row["app_id"] == each.key] for each in traffic.values()
    }


def named(client: Client) -> str:
    return client.name


every_client = pytest.mark.parametrize("client", CLIENTS, ids=named)


@every_client
def test_sends_what_the_table_of_clients_says(
    client: Client, traffic: Mapping[str, Traffic]
) -> None:
    sent = traffic[client.name]
    requests = [each for each in sent.requests if each.method != "OPTIONS"]
    seen: dict[Any, set[str]] = {}
    for request in requests:
        path = request.path.replace(sent.key, "{key}")
        seen.setdefault(form_of(request, sent.key), set()).add(path)

    assert {form: frozenset(paths) for form, paths in seen.items()} == {
        each.form: each.paths for each in client.requests
    }


@every_client
def test_each_call_is_a_row_once(
    client: Client, traffic: Mapping[str, Traffic], rows: Mapping[str, Rows]
) -> None:
    sent = traffic[client.name]

    types = Counter(message["type"] for _, message in sent.messages)
    assert set(types) >= {"identify", "track", "group", "alias"}
    assert Counter(row["message_type"] for row in rows[sent.key]) == types
    assert len({row["event_id"] for row in rows[sent.key]}) == len(sent.messages)


@every_client
def test_a_row_says_what_the_call_said(
    client: Client, traffic: Mapping[str, Traffic], rows: Mapping[str, Rows]
) -> None:
    for row in rows[traffic[client.name].key]:
        said = SAID[row["message_type"]]
        properties = json.loads(row["properties"] or "{}")
        assert row["event_type"] == said["event_type"]
        assert row["group_id"] == said.get("group_id")
        assert properties | said["properties"] == properties
        assert (row["user_id"], row["is_identified"]) == ("ada", True)


@every_client
def test_a_row_has_what_the_client_adds(
    client: Client, traffic: Mapping[str, Traffic], rows: Mapping[str, Rows]
) -> None:
    sent = traffic[client.name]
    by_id = {row["event_id"]: row for row in rows[sent.key]}
    for request, message in sent.messages:
        if "messageId" not in message:
            continue
        row = by_id[message["messageId"]]
        library = message["context"]["library"]
        agent = message["context"].get("userAgent") or request.headers.get("user-agent")
        assert row["anonymous_id"] == message.get("anonymousId")
        assert row["library"] == f"{library['name']}/{library['version']}"
        assert row["user_agent"] == agent
        assert row["channel"] == client.channel
        happened = message.get("timestamp") or message["originalTimestamp"]
        assert _utc(row["client_event_time"]) == _utc(happened)
        assert _utc(row["client_sent_time"]) == _utc(message["sentAt"])


@pytest.mark.parametrize(
    "client", [client for client in CLIENTS if client.channel == "browser"], ids=named
)
def test_a_page_reports_to_nobody_else(client: Client, traffic: Mapping[str, Traffic]) -> None:
    assert traffic[client.name].other_hosts == frozenset()


def _utc(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
