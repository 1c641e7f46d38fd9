"""The reports as they are on AWS: nobody sees an answer who has not signed in."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from e2e.signing_in import Provider, signed_in_reports
from headwater_local.questions import pack
from headwater_reports.answering import SECONDS, Answering
from headwater_reports.rights import Rights
from unit.queries.golden_rows import golden_lake
from unit.queries.rows import in_duckdb
from unit.reports.engines import PreparedInDuckDb

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser

FUNNEL: Final = "?report=funnel&start=2026-03-31&end=2026-04-02&steps=%5B%22A%22%2C%22B%22%5D"


@pytest.fixture(scope="module")
def engine() -> Iterator[PreparedInDuckDb]:
    with in_duckdb(golden_lake()) as connection:
        yield PreparedInDuckDb(connection)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def reports(provider: Provider, engine: PreparedInDuckDb) -> Iterator[str]:
    # It waits for no answer at first: each is asked for once more.
    clock = iter(float(number * SECONDS) for number in range(10**6))
    answering = Answering(engine, pack.questions(), lambda _seconds: None, lambda: next(clock))
    with signed_in_reports(provider, answering.ask) as url:
        yield url


def test_a_page_that_was_opened_is_there_after_signing_in(
    page: Page, reports: str, provider: Provider
) -> None:
    page.goto(reports + FUNNEL)

    expect(page.locator("[data-question=funnel] tbody tr")).to_have_count(2)
    assert page.url.startswith(f"{reports}?report=funnel")
    assert provider.logins == 1

    page.reload()
    expect(page.locator("[data-question=funnel] tbody tr")).to_have_count(2)
    assert provider.logins == 1


def test_a_csv_file_has_all_rows(page: Page, reports: str) -> None:
    page.goto(reports + FUNNEL)

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()

    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[0].startswith("step,")
    assert len(lines) == 3


def test_a_token_that_has_expired_is_asked_for_anew(
    page: Page, reports: str, provider: Provider
) -> None:
    page.goto(reports + FUNNEL)
    expect(page.locator("[data-question=funnel] tbody tr")).to_have_count(2)

    page.evaluate(
        """() => {
            const [head, body, signature] = sessionStorage["headwater-token"].split(".");
            const claims = JSON.parse(atob(body));
            const old = btoa(JSON.stringify({ ...claims, iat: 0 }));
            sessionStorage["headwater-token"] = [head, old, signature].join(".");
        }"""
    )
    page.get_by_role("button", name="Show").click()

    expect(page.locator("[data-question=funnel] tbody tr")).to_have_count(2)
    assert provider.logins == 2


def test_a_provider_that_refuses_is_quoted(page: Page, reports: str, provider: Provider) -> None:
    provider.refusal = "Ada is not of this company"

    page.goto(reports + FUNNEL)

    expect(page.get_by_role("alert")).to_contain_text(
        "You could not be signed in: Ada is not of this company."
    )


def test_a_new_token_that_the_api_does_not_take_is_said_and_not_asked_for_again(
    page: Page, reports: str, provider: Provider
) -> None:
    provider.seconds = 10**6
    page.route(
        "**/answers/**",
        lambda route: route.fulfill(status=401, body=json.dumps({"message": "Unauthorized"})),
    )

    page.goto(reports + FUNNEL)

    expect(page.get_by_text("the API does not take it").first).to_be_visible()
    assert provider.logins == 1


def test_a_page_says_which_app_somebody_may_see(
    page: Page, provider: Provider, engine: PreparedInDuckDb
) -> None:
    provider.groups = ("shop team",)
    answering = Answering(engine, pack.questions())
    rights = Rights("groups", {"shop team": ["app"]})
    with signed_in_reports(provider, answering.ask, rights) as reports:
        page.goto(f"{reports}?report=loyalty&start=2026-03-31&end=2026-04-02")
        refusals = page.locator("#refusals p")
        expect(refusals).to_have_text(
            "You may see answers about one app at a time: choose app as the app."
        )

        page.get_by_label("App", exact=True).fill("app")
        page.get_by_role("button", name="Show").click()

        expect(page.locator("[data-question=loyalty] .tiles dd").first).to_be_visible()
        # All panels are there: a page that goes away while it loads them fails the test.
        expect(page.locator("[data-question=new_and_returning] svg")).to_be_attached()
        expect(refusals).to_have_count(0)
