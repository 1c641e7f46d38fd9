"""What the doctor says of collectors: the real one in several settings, and what is none."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from headwater_local.doctor.collector import examine_collector
from headwater_local.doctor.finding import Finding, Health
from unit.collector.client import Client

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ORIGIN = "https://shop.example"

Answer = Callable[[httpx.Request], httpx.Response]


def examined(answer: Answer, write_key: str = "k") -> list[Finding]:
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        return [*examine_collector("https://api.example", write_key, ORIGIN, client, lambda: NOW)]


def collector(client: Client, date: datetime = NOW) -> Answer:
    """A collector behind a clock of its own."""

    def answer(request: httpx.Request) -> httpx.Response:
        response = client.request(request.method, request.url.path, headers=request.headers)
        headers = {**response.headers, "date": format_datetime(date, usegmt=True)}
        return httpx.Response(response.status, headers=headers, text=response.text)

    return answer


def faults(findings: list[Finding]) -> list[str]:
    return [finding.remedy for finding in findings if finding.health is not Health.GOOD]


def test_finds_nothing_wrong_with_a_collector_that_takes_all() -> None:
    findings = examined(collector(Client()))

    assert faults(findings) == []
    assert [finding.part for finding in findings] == ["collector", "origin", "clock"]


def test_names_a_key_that_is_refused() -> None:
    (finding,) = examined(collector(Client(WRITE_KEYS='{"right": "shop"}')), "wrong")

    assert finding.said == "it refuses the write key (401)"
    assert "--write-key" in finding.remedy


def test_names_an_origin_that_may_not_send() -> None:
    (remedy,) = faults(examined(collector(Client(ALLOWED_ORIGINS="https://other.example"))))

    assert "collector.allowed_origins" in remedy


@pytest.mark.parametrize(("skew", "said"), [(-301, "301 s ahead of"), (3600, "3,600 s behind")])
def test_names_a_clock_that_is_off(skew: int, said: str) -> None:
    findings = examined(collector(Client(), NOW + timedelta(seconds=skew)))

    assert said in findings[-1].said
    assert findings[-1].health is Health.WARNING


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (httpx.Response(200, html="<h1>It works</h1>"), "is not a collector (200)"),
        (httpx.Response(404, text="no such page"), "is not a collector (404)"),
        (httpx.Response(429, json={}), "takes no more requests for now (429)"),
        (httpx.Response(503, json={}), "answers 503"),
    ],
)
def test_names_what_is_not_a_collector(response: httpx.Response, said: str) -> None:
    (finding,) = examined(lambda _: response)

    assert said in finding.said
    assert finding.remedy


def test_names_an_address_where_nothing_answers() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    (finding,) = examined(refuse)

    assert finding.said == "nothing answers at https://api.example (connection refused)"
