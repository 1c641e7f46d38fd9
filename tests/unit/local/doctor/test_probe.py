"""What the doctor says of an event of its own that is not answered, or not taken."""

from collections.abc import Callable

import httpx
import pytest

from headwater_local.doctor.finding import Finding, Health
from headwater_local.doctor.probe import Probe
from headwater_local.doctor.rows import Rows
from headwater_reports.results import Result


def ask(_: str) -> Result:
    pytest.fail("looked for an event that was not accepted")


def probed(answer: Callable[[httpx.Request], httpx.Response]) -> Finding:
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        (finding,) = Probe("https://api.example", "k", Rows(ask)).findings(client)
    return finding


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ReadTimeout(""), "ReadTimeout"),
        (httpx.ConnectError("connection refused"), "connection refused"),
    ],
)
def test_names_what_kept_it_from_an_answer(error: httpx.TransportError, reason: str) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    finding = probed(fail)

    assert (finding.health, finding.said) == (
        Health.FAULT,
        f"the event was not answered ({reason})",
    )
    assert finding.remedy


def test_names_why_it_was_refused() -> None:
    finding = probed(lambda _: httpx.Response(401, text="no such key"))

    assert finding.said == "the event was refused (401): no such key"
