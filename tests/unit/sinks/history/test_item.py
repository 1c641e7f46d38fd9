from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from headwater_contract.event import Event
from headwater_sinks.history.item import answer_of, is_expired, item_of, path_in, sort_key_in

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
EVENT = Event("m-1", "page_view", NOON, "shop", user_id="ada", properties='{"plan":"free"}')


def test_a_reader_gets_what_happened_on_the_page() -> None:
    assert answer_of(item_of(EVENT, "/a", 1, None)) == {
        "pagePath": "/a",
        "timestamp": 1769860800000,
        "eventId": "m-1",
        "eventType": "page_view",
        "appId": "shop",
        "userId": "ada",
        "properties": {"plan": "free"},
    }


def test_a_path_that_is_not_the_key_is_kept_whole() -> None:
    path = "/" + "a" * 3000

    item = item_of(EVENT, path, 1, None)

    assert item["pagePath"]["S"].startswith("sha256:")
    assert (path_in(item), answer_of(item)["pagePath"]) == (path, path)


def test_a_spread_page_is_answered_by_its_path() -> None:
    paths = {path_in(item_of(EVENT, "/a", shards, None)) for shards in range(1, 30)}

    assert paths == {"/a"}


def test_goes_when_its_time_is_over() -> None:
    item = item_of(EVENT, "/a", 1, timedelta(days=90))
    end = (NOON + timedelta(days=90)).timestamp()

    assert [is_expired(item, now) for now in (end - 1, end)] == [False, True]


def sort_keys(*events: Event) -> set[Decimal]:
    return {sort_key_in(item_of(event, "/a", 1, None)) for event in events}


def test_an_event_that_is_written_again_replaces_itself() -> None:
    assert len(sort_keys(EVENT, replace(EVENT, page_title="renamed"))) == 1


@pytest.mark.parametrize("other", [{"app_id": "blog"}, {"properties": '{"plan":"paid"}'}])
def test_an_id_that_somebody_else_uses_replaces_nothing(other: dict[str, str]) -> None:
    assert len(sort_keys(EVENT, replace(EVENT, **other))) == 2


def test_stays_for_ever_if_it_may() -> None:
    assert not is_expired(item_of(EVENT, "/a", 1, None), 1e12)
