"""The reports in a real browser, over golden tables: what a page shows is what was asked."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from e2e.reports_site import HeldLake, InMemoryLake, reports_site
from headwater_local.demo.requests import Demo
from headwater_local.questions import pack
from integration.writer.queries.by_hand import APIA, BY_HAND, MARCH, MIDWEEK, WALKS
from unit.queries.asking import Case, same
from unit.queries.demo_rows import demo_lake
from unit.queries.golden_rows import golden_lake
from unit.queries.reference import Asked, Lake, Reference
from unit.queries.rows import event, in_duckdb

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser

REPOSITORY: Final = Path(__file__).parents[2]
AXE: Final = REPOSITORY / "reports" / "node_modules" / "axe-core" / "axe.min.js"
GALLERY: Final = REPOSITORY / "docs" / "reports-gallery.md"
NOON: Final = datetime(2026, 3, 31, 12)  # noqa: DTZ001 -- as tables have it
ODD: Final = 'it\'s; "ünï" ✓ --'
ABC: Final = '["A", "B", "C"]'

OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "overview": {},
    "active-users": {"period": "week", "week_start": "sunday"},
    "sessions": {},
    "engagement": {},
    "loyalty": {},
    "pages": {},
    "sources": {"event": "order_paid"},
    "funnel": {"steps": ABC},
    "retention": {"period": "day"},
    "paths": {"page": "/a"},
    "live": {},
    "user": {"user": "ada-laptop"},
    "quality": {},
}
"""Every report, with arguments that are its own."""

Scheme: TypeAlias = Literal["light", "dark"]

TABLE = """table => [...table.querySelectorAll("tbody tr")].map(
    row => [...row.cells].map(cell => JSON.parse(cell.dataset.value)))"""

FINDINGS = """async rules => (await axe.run(rules ? { runOnly: rules } : {})).violations.map(
    found => `${found.id}: ${found.nodes.map(node => node.html).join(" ")}`)"""


@pytest.fixture(scope="module")
def lake() -> Lake:
    return golden_lake()


@pytest.fixture(scope="module")
def reports(lake: Lake) -> Iterator[str]:
    with in_duckdb(lake) as connection, reports_site(InMemoryLake(connection)) as url:
        yield url


@pytest.fixture
def console(page: Page) -> Iterator[list[str]]:
    """What a page complains of, such as its own security policy; a test fails if it does."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    yield said
    assert said == []


@pytest.fixture(scope="module", params=list(OWN))
def report(request: pytest.FixtureRequest, browser: Browser, reports: str) -> Iterator[Page]:
    """Each report in a page of its own, for all tests that only look."""
    context = browser.new_context()
    yield show(context.new_page(), reports + query(request.param, MARCH, **OWN[request.param]))
    context.close()


def query(named: str, asked: Asked = MARCH, **own: str) -> str:
    days = {"start": str(asked.start), "end": str(asked.end)}
    common = {"app": asked.app, "time_zone": asked.time_zone, "bots": asked.bots}
    common["segment"] = asked.segment
    return "?" + urlencode({"report": named, **days, **common, **own})


def show(page: Page, url: str) -> Page:
    """Open a view, and wait until each of its panels has something to show."""
    page.goto(url)
    expect(page.locator("#panels section .content > *, #refusals p").first).to_be_attached()
    expect(page.locator(".state.waiting")).to_have_count(0)
    for chart in page.locator(".chart").all():
        expect(chart.locator("svg")).to_be_attached()
    return page


def panel(page: Page, question: str) -> Locator:
    return page.locator(f'section[data-question="{question}"]')


def rows(section: Locator) -> list[tuple[Any, ...]]:
    """Return the rows of a panel's table, with the values that the server sent."""
    found = section.locator("table").first.evaluate(TABLE)
    return [tuple(map(value, row)) for row in found]


def value(shown: object) -> object:
    """Return a value as plain Python has it: times of UTC are naive."""
    if isinstance(shown, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", shown):
        return datetime.fromisoformat(shown).replace(tzinfo=None)
    return shown


def is_something(row: tuple[Any, ...]) -> bool:
    numbers = [cell for cell in row if isinstance(cell, int | float)]
    return any(numbers) or not numbers


def test_every_number_of_a_report_is_that_of_plain_python(report: Page, lake: Lake) -> None:
    reference, own = Reference(lake), OWN[parse_qs(urlsplit(report.url).query)["report"][0]]

    sections = report.locator("section:has(td[data-value])").all()

    others = report.locator("section:not(:has(td[data-value])):has(.tiles, .state.empty)").count()
    assert len(sections) + others == report.locator("section[data-question]").count() > 0
    for section in sections:
        question = section.get_attribute("data-question") or ""
        taken = {name: told for name, told in own.items() if takes(question, name)}
        expected = Case(question, taken).expected(reference, MARCH)
        if question != "retention":
            same(rows(section), expected)


def test_a_panel_is_empty_where_plain_python_counts_nothing(report: Page, lake: Lake) -> None:
    reference = Reference(lake)

    for section in report.locator("section:has(.state.empty)").all():
        question = section.get_attribute("data-question") or ""
        expected = Case(question, {}).expected(reference, MARCH)
        assert [row for row in expected if is_something(row)] == []


def takes(question: str, name: str) -> bool:
    return name in pack.question(question).parameters


REPORT_OF: Final = {
    "funnel": "funnel",
    "page_views_by_day": "pages",
    "sessions_by_day": "sessions",
    "attribution": "sources",
}


@pytest.mark.parametrize(
    ("case", "asked", "answer"), [each for each in BY_HAND if each[0].name in REPORT_OF]
)
def test_the_numbers_that_were_worked_out_by_hand_are_on_the_page(
    page: Page, reports: str, case: Case, asked: Asked, answer: list[tuple[object, ...]]
) -> None:
    show(page, reports + query(REPORT_OF[case.name], asked, **case.own))

    same([row[: len(answer[0])] for row in rows(panel(page, case.name))], answer, ordered=True)


def test_tiles_have_the_sums_of_their_answers(page: Page, reports: str, lake: Lake) -> None:
    [[users, returning, rate, visit_days, score]] = Reference(lake).loyalty(MARCH)
    days = Reference(lake).sessions_by_day(MARCH)
    sessions, bounces = sum(day[1] for day in days), sum(day[6] for day in days)

    overview = tiles(show(page, reports + query("overview")))
    loyalty = tiles(show(page, reports + query("loyalty")))

    assert overview == pytest.approx([users, returning, sessions, bounces / sessions])
    assert loyalty == pytest.approx([rate, score, users, returning, visit_days])


def tiles(page: Page) -> list[float]:
    """Return the numbers of a report's tiles, as they were added up."""
    shown = page.locator(".tiles dd").all()
    return [json.loads(tile.get_attribute("data-value") or "") for tile in shown]


@pytest.mark.parametrize(("asked", "period"), [(MARCH, "day"), (MIDWEEK, "week")])
def test_the_grid_of_retention_has_each_cohort_and_period(
    page: Page, reports: str, lake: Lake, asked: Asked, period: str
) -> None:
    expected: dict[str, list[int]] = {}
    for cohort, _, people, returned, *_ in Reference(lake).retention(asked, period=period):
        expected.setdefault(str(cohort), [people]).append(returned)
    show(page, reports + query("retention", asked, period=period))

    grid = page.locator("table.retention tbody tr")

    script = """rows => Object.fromEntries(rows.map(row => [row.cells[0].textContent,
        [...row.cells].slice(1).map(cell => Number(cell.dataset.value))]))"""
    assert grid.evaluate_all(script) == expected


def test_a_funnel_says_who_was_lost(page: Page, reports: str) -> None:
    show(page, reports + query("funnel", WALKS, steps=ABC))

    assert page.locator(".funnel .count").all_inner_texts() == [
        "7 people",
        "5 people, 71.4% of the first step, 2 lost",
        "3 people, 42.9% of the first step, 2 lost",
    ]


def test_axe_has_no_finding_light_or_dark(report: Page) -> None:
    assert findings(report) == {"light": [], "dark": []}


def test_axe_has_no_finding_on_a_phone_of_what_is_compared(page: Page, reports: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, reports + query("overview", compare="previous"))

    assert findings(page) == {"light": [], "dark": []}


def findings(page: Page) -> Mapping[str, list[str]]:
    """Return what axe finds with everything open, in the dark of the contrast alone."""
    for details in page.locator("details").all():
        details.evaluate("each => { each.open = true; }")
    page.evaluate(AXE.read_text())
    page.emulate_media(color_scheme="light")
    light = page.evaluate(FINDINGS, None)
    page.emulate_media(color_scheme="dark")
    return {"light": light, "dark": page.evaluate(FINDINGS, ["color-contrast"])}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_labels_are_the_asked_zones_in_a_browser_of_another(
    browser: Browser, reports: str, zone: str
) -> None:
    context = browser.new_context(timezone_id=zone)
    page = show(context.new_page(), reports + query("pages", APIA))
    labels = panel(page, "page_views_by_day").locator("svg text").all_text_contents()

    assert [str(day) for day in APIA.days] == [label for label in labels if "-" in label]

    berlin = Asked(MARCH.start, MARCH.end, time_zone="Europe/Berlin")
    show(page, reports + query("user", berlin, user="ada-laptop"))
    times = panel(page, "user_timeline").locator("tbody td:first-child").all_inner_texts()
    note = panel(page, "user_timeline").locator(".note")
    assert (times[0], times[-1]) == ("2026-03-30 11:00:00", "2026-04-02 11:02:00")
    expect(note).to_contain_text("Days of Europe/Berlin, 2026-03-25 to 2026-04-05")
    context.close()


def test_the_days_before_are_beside(page: Page, reports: str, lake: Lake) -> None:
    asked = Asked(date(2026, 3, 31), date(2026, 4, 2))
    earlier = Asked(date(2026, 3, 28), date(2026, 3, 30))
    now, was = (Case("channels", {}).expected(Reference(lake), each) for each in (asked, earlier))
    by_channel = {channel: sessions for channel, sessions, *_ in was}
    days_before = Case("active_users", {}).expected(Reference(lake), earlier)
    [[users, *_]], [[users_before, *_]] = (
        Reference(lake).loyalty(each) for each in (asked, earlier)
    )

    show(page, reports + query("overview", asked, compare="previous"))

    numbers = page.locator(".tiles dd")
    assert numbers.nth(0).inner_text() == str(users)
    assert numbers.nth(1).inner_text().endswith(f", {users_before} before")
    assert {row[:3] for row in rows(panel(page, "channels"))} == {
        (channel, sessions, by_channel.get(channel)) for channel, sessions, *_ in now
    }
    assert [row[2] for row in rows(panel(page, "active_users"))] == [day[1] for day in days_before]


def test_bots_are_counted_if_they_are_asked_for(page: Page, reports: str, lake: Lake) -> None:
    asked = replace(MARCH, bots="only", time_zone="Asia/Kolkata")
    expected = Case("page_views_by_day", {}).expected(Reference(lake), asked)
    show(page, reports + query("pages", asked))

    same(rows(panel(page, "page_views_by_day")), expected)
    assert sum(day[1] for day in expected) == 5
    note = panel(page, "page_views_by_day").locator(".note")
    expect(note).to_contain_text("known bots: alone")


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"end": "2026-03-01"}, "The range ends before it begins: 2026-03-25 is after 2026-03-01."),
        ({"end": "31.3.2026"}, "end is `31.3.2026`: write a day as 2026-01-31."),
        ({"time_zone": "Mars/Olympus"}, "There is no time zone `Mars/Olympus`: write an IANA name"),
        ({"bots": "some"}, "bots is `some`: choose exclude, include or only."),
        ({"steps": json.dumps(["A"] * 40)}, "A funnel has 1 to 8 steps, and these are 40."),
        ({"steps": "A, B"}, "steps is `A, B`: write them as JSON"),
        ({"window_hours": "-1"}, "window_hours is `-1`: write a whole number from 1 to 9999."),
        ({"report": "<b>none</b>"}, 'There is no report "<b>none</b>": choose one of those above.'),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    page: Page, reports: str, console: list[str], own: dict[str, str], sentence: str
) -> None:
    show(page, reports + query("funnel", MARCH, **{"steps": ABC, **own}))

    refusals = page.locator("#refusals p")
    expect(refusals).to_have_count(1)
    expect(refusals).to_contain_text(sentence)
    console.clear()  # Chromium's own line about the status 400.


@pytest.mark.parametrize(
    ("step", "people"),
    [("A", 7), (ODD, 1), ("<img src=x onerror=alert(1)>", 0), ("'; drop table events; --", 0)],
)
def test_a_funnel_of_one_step_of_any_text_is_an_answer(
    page: Page, reports: str, console: list[str], step: str, people: int
) -> None:
    show(page, reports + query("funnel", MARCH, steps=json.dumps([step])))

    assert console == []
    expect(panel(page, "funnel").locator(".state.empty")).to_have_count(0 if people else 1)
    assert page.locator(".steps-builder input[type=text]").input_value() == step
    assert page.locator("#report img").count() == 0
    if people:
        assert rows(panel(page, "funnel"))[0][:3] == (1, step, people)


def test_what_clients_sent_is_text(page: Page, console: list[str]) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    row = event(1, NOON, event_type=hostile, user_id=hostile, path=hostile, properties='"</td>"')
    with in_duckdb(Lake([row])) as connection, reports_site(InMemoryLake(connection)) as url:
        show(page, url + query("live"))

        shown = panel(page, "latest_events").locator("tbody td").all_inner_texts()

    assert shown[1:] == [hostile, "web", hostile, hostile, '"</td>"']
    assert page.locator("#report img").count() == 0
    assert console == []


def test_a_funnel_is_built_by_keyboard_and_shared_by_its_address(page: Page, reports: str) -> None:
    show(page, reports + query("funnel", MARCH))
    expect(panel(page, "funnel").locator(".needs")).to_contain_text("Give steps (the events in")

    page.get_by_label("Event of step 1").focus()
    page.keyboard.type("A")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("B")
    page.keyboard.press("Enter")

    expect(page.locator(".funnel .count").first).to_have_text("7 people")
    with_two = page.url
    page.get_by_label("Remove step 2").press("Enter")
    expect(page.locator(".funnel li")).to_have_count(1)
    with_one = page.url
    assert len(rows(panel(show(page, with_two), "funnel"))) == 2
    assert len(rows(panel(show(page, with_one), "funnel"))) == 1


def test_the_way_back_leads_to_the_view_before(page: Page, reports: str) -> None:
    show(page, reports + query("overview"))
    page.get_by_role("link", name="Retention").click()
    page.get_by_label("Period", exact=True).select_option("day")
    expect(page.locator("table.retention tbody tr")).to_have_count(len(MARCH.days))

    page.go_back()
    expect(page.get_by_label("Period", exact=True)).to_have_value("week")
    page.go_back()

    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(page.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")


def test_csv_is_what_the_command_prints(page: Page, reports: str, lake: Lake) -> None:
    show(page, reports + query("loyalty"))

    with page.expect_download() as download:
        panel(page, "loyalty").get_by_role("link", name="CSV").click()

    assert download.value.suggested_filename == "loyalty.csv"
    header, row, *_ = download.value.path().read_text().splitlines()
    assert header == "users,returning_users,loyalty_rate,visit_days,loyalty_score"
    assert list(map(float, row.split(","))) == pytest.approx(Reference(lake).loyalty(MARCH)[0])


def test_days_without_events_say_so(page: Page, reports: str) -> None:
    nothing = Asked(date(2020, 1, 1), date(2020, 1, 2))
    show(page, reports + query("overview", nothing))

    assert page.locator(".state.empty").count() == page.locator("section[data-question]").count()


def test_a_page_says_that_it_waits_that_it_waits_long_and_that_it_failed(
    page: Page, console: list[str]
) -> None:
    lake = HeldLake()
    with reports_site(lake) as url:
        page.clock.install()
        page.goto(url + query("funnel", steps=ABC))
        state = panel(page, "funnel").locator(".state")
        expect(state).to_have_text("Asking…")
        page.clock.fast_forward(3001)
        expect(state).to_have_text("Still asking: many days or events take a while.")

        lake.fail("the table is gone")

        expect(state).to_have_text("the table is gone")
        page.get_by_role("button", name="Ask again").click()
        expect(state).to_have_text("the table is gone")
    page.get_by_role("button", name="Ask again").click()
    expect(state).to_contain_text("see that `headwater up` is running")
    console.clear()  # Chromium's own lines about failed requests.


def test_live_asks_anew(page: Page, reports: str) -> None:
    page.clock.install()
    show(page, reports + query("live"))
    expect(panel(page, "freshness").locator(".tiles dd").first).to_contain_text("old")

    with page.expect_response("**/freshness.json*"):
        page.clock.fast_forward(10_001)

    expect(panel(page, "freshness").locator(".tiles dt")).to_have_text(["app", "web"])


def test_a_user_is_found_from_what_happened_last(page: Page, reports: str) -> None:
    show(page, reports + query("live"))

    panel(page, "latest_events").get_by_role("link", name="ada").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("User timeline")
    expect(panel(page, "user_timeline").locator("tbody tr")).to_have_count(7)


FORTNIGHT: Final = Asked(date(2026, 3, 23), date(2026, 4, 5), time_zone="Europe/Berlin")
PICTURED: Final[Mapping[str, Mapping[str, str]]] = {
    **{name: {} for name in OWN},
    "overview": {"compare": "previous"},
    "sources": {"event": "order_paid"},
    "funnel": {"steps": '["product_viewed", "product_added", "checkout_started", "order_paid"]'},
    "retention": {"period": "day", "mode": "recurring"},
    "paths": {"page": "/bottles/moss"},
    "user": {"user": "customer-1-260311-1"},
}
VIEWS: Final[Mapping[str, tuple[Scheme, ViewportSize]]] = {
    "light": ("light", {"width": 1000, "height": 860}),
    "dark": ("dark", {"width": 1000, "height": 860}),
    "phone": ("dark", {"width": 390, "height": 844}),
}


@pytest.fixture(scope="module")
def busy_reports() -> Iterator[str]:
    """The reports of the demo's shop."""
    lake = demo_lake(Demo(1, 1200, 30, datetime(2026, 4, 6, tzinfo=UTC)))
    with in_duckdb(lake) as connection, reports_site(InMemoryLake(connection)) as url:
        yield url


@pytest.mark.parametrize("name", list(PICTURED))
def test_a_picture_fits_its_window(
    page: Page, busy_reports: str, tmp_path: Path, name: str
) -> None:
    images, gallery = Path(os.environ.get("SCREENSHOTS", tmp_path)), GALLERY.read_text()
    show(page, busy_reports + query(name, FORTNIGHT, **PICTURED[name]))

    for view, (scheme, size) in VIEWS.items():
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        file = images / "reports" / f"{name}-{view}.png"
        page.screenshot(path=file)

        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        assert file.stat().st_size < 150_000
        assert f"(images/reports/{file.name})" in gallery
