"""Segment's own Python client, and RudderStack's, unmodified, send to the collector over HTTP."""

import base64
import json
import queue
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import rudderstack.analytics.consumer
import rudderstack.analytics.request
import segment.analytics.consumer
import segment.analytics.request
from segment.analytics.client import Client as SegmentClient

from unit.collector.client import Client, recorded_event

TRACK = {"type": "track", "event": "Signed Up", "userId": "ada"}


class Gateway(BaseHTTPRequestHandler):
    """As much of API Gateway as one client needs."""

    collector: ClassVar[Client]

    def do_POST(self) -> None:
        response = self.collector.send(self._event())
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.text.encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401
        pass

    def _event(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers["content-length"]))
        return recorded_event("http_api.json") | {
            "rawPath": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }


@pytest.fixture
def url(client: Client) -> Iterator[str]:
    handler = type("Bound", (Gateway,), {"collector": client})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def segment_client(url: str, **options: Any) -> SegmentClient:  # noqa: ANN401
    return SegmentClient("key-1", host=url, sync_mode=True, **options)


@pytest.mark.parametrize("gzip", [False, True])
def test_its_calls_are_accepted(client: Client, url: str, gzip: bool) -> None:
    segment = segment_client(url, gzip=gzip)

    segment.identify("ada", {"plan": "free", "since": datetime(2026, 1, 31, tzinfo=UTC)})
    segment.track("ada", "Signed Up", {"price": 1.5, "city": "Zürich"})
    segment.page("ada", "docs", "contract")
    segment.screen("ada", "main")
    segment.group("ada", "acme", {"size": 3})
    segment.alias("device-1", "ada")

    assert [entry.message_type for entry in client.entries] == [
        *("identify", "track", "page", "screen", "group", "alias")
    ]
    assert client.refused == []


def test_its_ids_times_and_key_are_read(client: Client, url: str) -> None:
    segment = segment_client(url)

    segment.track("ada", "Signed Up", message_id="m-1")

    (record,) = client.records
    assert record.envelope.app_id == "key-1"
    assert record.envelope.sent_at is not None
    assert record.envelope.user_agent is not None
    assert record.envelope.user_agent.startswith("analytics-python/")
    assert record.entries[0].event_id == "m-1"
    assert json.loads(record.entries[0].body)["properties"] == {}


@pytest.mark.parametrize("client", [Client(WRITE_KEYS='{"key-1": "website"}')])
def test_its_access_token_leaves_the_key_to_the_body(client: Client, url: str) -> None:
    oauth = SimpleNamespace(get_token=lambda: "an-access-token")

    segment.analytics.request.post("key-1", host=url, oauth_manager=oauth, batch=[TRACK])

    assert [record.envelope.app_id for record in client.records] == ["website"]


@pytest.mark.parametrize("client", [Client(outages=repeat({0}), throttled={0})])
def test_it_waits_as_long_as_a_throttled_stream_asks(client: Client, url: str) -> None:
    consumer = segment.analytics.consumer.Consumer(queue.Queue(), "key-1", host=url)

    with pytest.raises(segment.analytics.request.APIError) as throttled:
        consumer.request([TRACK])

    assert throttled.value.status == 429
    assert consumer.rate_limited_until is not None
    assert len(client.outcomes) == 1


def test_rudderstacks_does_not_repeat_what_was_refused(client: Client, url: str) -> None:
    consumer = rudderstack.analytics.consumer.Consumer(queue.Queue(), "key-1", host=url)

    with pytest.raises(rudderstack.analytics.request.APIError, match="no message") as refused:
        consumer.request([{"type": "track"}])

    assert refused.value.status == 400
    assert len(client.refused) == 1
