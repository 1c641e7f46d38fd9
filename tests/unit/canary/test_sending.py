"""What the canary sends, to a real collector handler behind a real server."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from headwater_canary.canary import NotSentError
from headwater_canary.sending import client, send
from headwater_contract.canary import CANARY_APP
from unit.collector.client import Client


class Server(HTTPServer):
    """Answers with the statuses it is given, the last again and again; keeps the bodies."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = [*statuses]
        self.bodies: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        status = self.server.statuses[0]
        self.server.statuses = self.server.statuses[1:] or [status]
        self.send_response(status)
        self.send_header("content-length", "2")
        if status == 503:
            self.send_header("retry-after", "3600")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments: Any) -> None:  # noqa: ANN401 -- the base's
        """Keep quiet."""


@pytest.fixture
def statuses() -> tuple[int, ...]:
    return (200,)


@pytest.fixture
def server(statuses: tuple[int, ...]) -> Iterator[Server]:
    server = Server(*statuses)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _send(server: Server) -> None:
    with client(backoff_seconds=0, wait_seconds=0) as pool:
        send(pool, f"http://127.0.0.1:{server.server_port}", ["canary-1", "canary-2"])


def test_the_collector_accepts_what_is_sent_as_the_canarys(server: Server) -> None:
    _send(server)
    collector = Client()

    answer = collector.post("/v1/batch", server.bodies[0])

    assert answer.status == 200
    assert [entry.event_id for entry in collector.entries] == ["canary-1", "canary-2"]
    assert {record.envelope.app_id for record in collector.records} == {CANARY_APP}
    assert json.loads(collector.accepted[0])["event"] == "headwater_canary"


@pytest.mark.parametrize("statuses", [(503, 429, 200)])
def test_sends_again_what_was_not_answered_well(server: Server) -> None:
    _send(server)

    assert len(server.bodies) == 3
    assert len({*server.bodies}) == 1


@pytest.mark.parametrize("statuses", [(503, 200)])
def test_does_not_wait_for_the_hour_that_it_is_asked_for(server: Server) -> None:
    _send(server)

    assert len(server.bodies) == 2


@pytest.mark.parametrize("statuses", [(401,), (429,), (503,)], ids=str)
def test_says_how_the_address_answers(server: Server, statuses: tuple[int, ...]) -> None:
    with pytest.raises(NotSentError, match=rf"answers {statuses[0]}: \{{\}}"):
        _send(server)


def test_says_that_nothing_answers() -> None:
    with client(backoff_seconds=0) as pool, pytest.raises(NotSentError, match="does not answer"):
        send(pool, "http://127.0.0.1:1", ["canary-1"])
