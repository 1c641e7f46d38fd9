"""What a visit means, where no browser of the tests can be shown the page."""

import pytest

from headwater_local.doctor.finding import Health
from headwater_local.doctor.page.diagnosis import diagnose
from headwater_local.doctor.page.visit import Exchange, Look, Tag, Violation, Visit, endpoint_of

API = "https://api.example"
PAGE = "https://shop.example/"
TAG = Tag(
    src="https://cdn.example/h.js", type="", api_url=API, write_key="", consent="", capture=None
)


SEGMENT = "https://api.segment.io/v1/b"


def visit(url: str = PAGE, asked: str = PAGE, **seen: object) -> Visit:
    return Visit(asked_url=asked, url=url, status=200, **seen)  # type: ignore[arg-type]


def said(given: Visit) -> list[tuple[Health, str]]:
    return [(finding.health, finding.said) for finding in diagnose(given, API)]


def test_names_mixed_content_on_the_way_to_the_collector() -> None:
    blocked = Exchange("http://api.example/v1/b", failure="mixed-content")

    [(health, text)] = said(visit(sent=(blocked,)))

    assert health is Health.FAULT
    assert text == "a page of https may not send to http://api.example (mixed content)"


def test_names_mixed_content_on_the_way_to_the_script() -> None:
    tag = Tag("http://cdn.example/h.js", "", API, "", "", None)
    blocked = Exchange(tag.src, failure="mixed-content")

    [(_, text)] = said(visit(look=Look(tags=(tag,)), scripts=(blocked,)))

    assert text == "a page of https may not load http://cdn.example/h.js (mixed content)"


def test_names_a_page_that_leads_to_another_site() -> None:
    answered = Exchange(f"{API}/v1/b", 200, body='{"batch":[{"messageId":"a"}]}')

    warned, sent = said(visit("https://www.shop.example/", sent=(answered,)))

    assert warned == (Health.WARNING, "it leads to https://www.shop.example/, which was examined")
    assert sent[0] is Health.GOOD


def test_takes_a_request_that_was_accepted_for_one_that_failed_before() -> None:
    failed = Exchange(f"{API}/v1/b", failure="net::ERR_FAILED")
    answered = Exchange(f"{API}/v1/b", 200, body='{"batch":[{"messageId":"a"}]}')
    given = visit(sent=(failed, answered))

    assert [health for health, _ in said(given)] == [Health.GOOD]
    assert given.accepted_ids == ["a"]


def test_names_a_collector_that_fails_and_one_that_refuses_a_body() -> None:
    [(_, failing)] = said(visit(sent=(Exchange(f"{API}/v1/b", 503),)))
    [(_, refusing)] = said(visit(sent=(Exchange(f"{API}/v1/b", 413),)))

    assert failing == f"{API} answers 503"
    assert refusing == f"{API} answers 413"


def test_names_a_script_that_was_never_asked_for() -> None:
    [(_, text)] = said(visit(look=Look(tags=(TAG,))))

    assert text == "the browser did not load https://cdn.example/h.js"


@pytest.mark.parametrize(
    "api_url",
    ["https://API.example", "https://api.example:443/", " https://api.example//", "//api.example"],
)
def test_knows_where_the_sdk_sends_as_the_sdk_does(api_url: str) -> None:
    assert endpoint_of(api_url, PAGE) == f"{API}/v1/b"


def test_knows_where_the_sdk_sends_by_a_path_and_that_it_may_not() -> None:
    assert endpoint_of("/events", PAGE) == "https://shop.example/events/v1/b"
    assert [endpoint_of(each, PAGE) for each in ("", "ftp://api.example", "http://a:b")] == [""] * 3


def test_takes_no_other_products_address_for_a_snippets() -> None:
    tag = Tag("", "", "/events", "key", "", None)
    look = Look(tags=(tag,), clients=("/eventskey", "http://10.0.0.1:8080undefined"))

    endpoints = look.endpoints(PAGE, API)

    assert {
        f"{API}/v1/b",
        "https://shop.example/events/v1/b",
        "http://10.0.0.1:8080/v1/b",
    } <= endpoints
    assert not {SEGMENT, "https://shop.example/v1/b"} & endpoints


def test_names_a_page_that_is_stuck_beside_what_it_sent_before() -> None:
    answered = Exchange(f"{API}/v1/b", 200, body='{"batch":[{"messageId":"a"}]}')

    stuck, sent = said(visit(unfit="it gave no answer for 10 s", sent=(answered,)))

    assert stuck == (
        Health.FAULT,
        "https://shop.example/ was opened and could not be examined: it gave no answer for 10 s",
    )
    assert sent[0] is Health.GOOD


def test_names_a_policy_that_keeps_the_snippet_from_sending() -> None:
    [(_, text)] = said(visit(blocked=(Violation("connect-src", f"{API}/v1/b"),)))

    assert text == f"the page's Content Security Policy keeps it from {API} (connect-src)"


@pytest.mark.parametrize("asked", ["https://Shop.example", "https://shop.example:443"])
def test_a_page_with_a_login_of_its_own_was_not_left(asked: str) -> None:
    answered = Exchange(f"{API}/v1/b", 200, body='{"batch":[{"messageId":"a"}]}')
    given = visit(PAGE, asked, look=Look(has_login=True), sent=(answered,))

    assert [health for health, _ in said(given)] == [Health.GOOD]


def test_a_throttled_snippet_is_not_looked_for_on_the_stream() -> None:
    [finding] = diagnose(visit(sent=(Exchange(f"{API}/v1/b", 429),)), API)

    assert "collector.throttle" in finding.remedy
