"""A page of another origin in the developer's browser, while Headwater runs beside it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Page, expect

from e2e.fixture_site import fixture_site
from e2e.route import Route
from headwater_local import aws_client, names

pytest_plugins = ["e2e.browser"]
pytestmark = [pytest.mark.browser, pytest.mark.route]

ASK = """async ([url, options]) => {
    try {
        const answer = await fetch(url, options);
        return `${answer.type} ${answer.status} ${await answer.text()}`;
    } catch {
        return "refused";
    }
}"""
"""What a page can read of an answer. It is ``opaque 0`` if the page asked without wanting to."""

SUBMIT = """async (url) => {
    const frame = Object.assign(document.createElement("iframe"), { name: "target" });
    const form = Object.assign(document.createElement("form"), { action: url, method: "post" });
    form.target = frame.name;
    document.body.append(frame, form);
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
    form.submit();
    await loaded;
}"""

SHOW = """async (url) => {
    const image = new Image();
    const over = new Promise((resolve) => { image.onload = image.onerror = resolve; });
    image.src = url;
    await over;
}"""

CONNECT = """async (url) => {
    const socket = new WebSocket(url.replace("http", "ws"));
    return new Promise((resolve) => {
        socket.onopen = () => resolve("open");
        socket.onerror = () => resolve("refused");
    });
}"""

SIGNED = {"authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/lambda/aws4_request"}
NEXT = "/2018-06-01/runtime/invocation/next"


@pytest.fixture
def other_page(page: Page, route: Route) -> Iterator[Page]:
    """A page that has nothing to do with Headwater."""
    with fixture_site({"/": b"<!doctype html><body>"}, route.api_url) as url:
        page.goto(url)
        yield page


@pytest.fixture
def kept(route: Route) -> str:
    """URL of an object that nobody but AWS clients may touch."""
    aws_client.s3(route.aws_url).put_object(Bucket=names.BUCKET, Key="kept", Body=b"secret")
    return f"{route.aws_url}/{names.BUCKET}/kept"


def _kept(route: Route) -> bytes:
    answer = aws_client.s3(route.aws_url).get_object(Bucket=names.BUCKET, Key="kept")
    return answer["Body"].read()


def test_reads_nothing(other_page: Page, route: Route, kept: str) -> None:
    for url in (kept, route.aws_url, f"{route.aws_url}/_ministack/health", route.runtime_url):
        assert other_page.evaluate(ASK, [url, {}]) == "refused", url


def test_writes_nothing(other_page: Page, route: Route, kept: str) -> None:
    reset = f"{route.aws_url}/_ministack/reset"

    other_page.evaluate(ASK, [kept, {"method": "PUT", "body": "overwritten"}])
    other_page.evaluate(ASK, [kept, {"method": "DELETE"}])
    other_page.evaluate(ASK, [reset, {"method": "POST", "mode": "no-cors"}])
    other_page.evaluate(SUBMIT, reset)

    assert _kept(route) == b"secret"


def test_runs_nothing(other_page: Page, route: Route) -> None:
    functions = f"{route.aws_url}/2015-03-31/functions"
    create = {"method": "POST", "headers": SIGNED, "body": '{"FunctionName": "f"}'}
    job = {"method": "POST", "headers": {"x-amz-target": "AWSGlue.StartJobRun"}, "body": "{}"}

    assert other_page.evaluate(ASK, [functions, create]) == "refused"
    assert other_page.evaluate(ASK, [route.aws_url, job]) == "refused"
    assert other_page.evaluate(CONNECT, f"{route.aws_url}/_aws/execute-api/a/b") == "refused"


def test_takes_no_batch_from_the_writer(other_page: Page, route: Route) -> None:
    other_page.evaluate(ASK, [route.runtime_url + NEXT, {"mode": "no-cors"}])
    other_page.evaluate(SHOW, route.runtime_url + NEXT)

    assert route.track("not_taken").status_code == 200
    route.wait_until_written(30)
    assert route.rows("select count(*) as n from events where event_type = 'not_taken'") == [
        {"n": 1}
    ]


def _ask_as_a_page(port: int) -> int | None:
    """Return the status of the answer, or None if there is none of HTTP."""
    headers = {"origin": "http://127.0.0.1:1", "sec-fetch-site": "same-site"}
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", headers=headers, trust_env=False).status_code
    except httpx.TransportError:
        return None


def test_two_ports_alone_are_for_pages(route: Route) -> None:
    meant = {httpx.URL(route.api_url).port, httpx.URL(route.site_url).port}

    others = {port for _, port in route.listening()} - meant

    assert len(others) > len({route.aws_url, route.runtime_url}), "Spark listens too"
    assert {_ask_as_a_page(port) for port in others} <= {None, 403}


def test_the_reports_answer_their_own_pages_alone(other_page: Page, route: Route) -> None:
    route.track("of_a_report", userId="reported")
    route.wait_until_written()
    today = datetime.now(UTC).date()
    days = f"start={today - timedelta(1)}&end={today}"
    answer = f"{route.site_url}/reports/answers/freshness.json?{days}"

    asked = [other_page.evaluate(ASK, [answer, {"mode": m}]) for m in ("cors", "no-cors")]
    opened = other_page.goto(answer)
    other_page.goto(f"{route.site_url}/reports/?report=user&user=reported&{days}")

    assert asked == ["refused", "refused"]
    assert opened is not None
    assert opened.status == 403
    expect(other_page.locator("tbody tr")).to_contain_text("of_a_report")


def test_sends_events_and_sees_the_site(other_page: Page, route: Route) -> None:
    event = {"method": "POST", "body": '{"event": "of_a_page", "userId": "u"}'}

    sent = other_page.evaluate(ASK, [f"{route.api_url}/v1/track", event])
    other_page.goto(route.site_url)

    assert sent == 'cors 200 {"success":true}'
    assert other_page.locator("#buy").is_visible()
