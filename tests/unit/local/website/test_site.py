import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from headwater_local.data_dir import DataDir
from headwater_local.inspection.sql import LocalLake
from headwater_local.metrics.exporter import Exporter
from headwater_local.reports.answers import Answers
from headwater_local.website.site import SDK, is_connected, make_server


@pytest.fixture
def site(tmp_path: Path) -> Iterator[httpx.Client]:
    data_dir = DataDir.at(tmp_path)
    answers, metrics = Answers(LocalLake(data_dir)), Exporter(data_dir)
    server = make_server(0, "http://127.0.0.1:8080", answers, metrics)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}") as client:
        yield client
    server.shutdown()
    thread.join()
    server.server_close()


def test_serves_the_page(site: httpx.Client) -> None:
    answer = site.get("/")

    assert answer.headers["content-type"].startswith("text/html")
    assert '"config.js"' in answer.text


def test_serves_the_sdk_that_is_committed(site: httpx.Client) -> None:
    answer = site.get("/headwater.js?v=1")

    assert answer.content == SDK.read_bytes()
    assert answer.headers["content-type"].startswith("text/javascript")


def test_tells_the_page_where_api_and_sdk_are(site: httpx.Client) -> None:
    answer = site.get("/config.js")

    told = '{"apiUrl": "http://127.0.0.1:8080", "sdkUrl": "/headwater.js"}'
    assert answer.text == f"window.HEADWATER = {told};\n"


def test_a_page_is_never_stale(site: httpx.Client) -> None:
    assert site.get("/").headers["cache-control"] == "no-cache"


def test_serves_nothing_outside_its_folder(site: httpx.Client) -> None:
    assert site.get("/%2e%2e/cli.py").status_code == 404


def test_serves_the_reports(site: httpx.Client) -> None:
    answer = site.get("/reports", follow_redirects=True)

    assert answer.url.path == "/reports/"
    assert "<title>Reports</title>" in answer.text


def test_says_that_nothing_was_written_yet(site: httpx.Client) -> None:
    days = {"start": "2026-03-01", "end": "2026-03-02"}

    answer = site.get("/reports/answers/loyalty.json", params=days)

    assert answer.status_code == 503
    assert "start it with `headwater up`" in answer.json()["error"]


def test_notices_that_a_page_was_left() -> None:
    here, there = socket.socketpair()
    with here:
        assert is_connected(here)

        there.close()

        assert not is_connected(here)


def test_tells_prometheus_its_metrics_and_no_web_page(site: httpx.Client) -> None:
    answer = site.get("/metrics")
    of_page = site.get("/metrics", headers={"origin": "https://other.example"})

    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "headwater_messages_accepted_total 0.0" in answer.text
    assert of_page.status_code == 403
