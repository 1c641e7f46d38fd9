import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater_contract.accept import Accepted, accept
from headwater_local.demo.population import PHONES
from headwater_local.demo.requests import Demo, requests
from headwater_local.demo.seasons import newcomers
from headwater_local.demo.visit import Request

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
DEMOS = st.builds(
    Demo,
    seed=st.integers(0, 10**9),
    visitors=st.integers(1, 40),
    days=st.integers(1, 20),
    until=st.integers(0, 2000).map(lambda hours: NOON + timedelta(hours=hours)),
)
SHOP = [*requests(Demo(seed=1, visitors=1500, days=90, until=NOON))]


def bodies(sent: list[Request]) -> list[dict[str, Any]]:
    return [json.loads(message) for request in sent for message in request.messages]


def messages(demo: Demo) -> set[bytes]:
    return {message for request in requests(demo) for message in request.messages}


def times_of(request: Request) -> list[datetime]:
    return [datetime.fromisoformat(json.loads(text)["timestamp"]) for text in request.messages]


@settings(max_examples=20, deadline=None)
@given(demo=DEMOS)
def test_a_seed_always_gives_the_same_messages(demo: Demo) -> None:
    assert [*requests(demo)] == [*requests(demo)]


def test_another_seed_gives_others() -> None:
    one, other = (messages(Demo(seed, 30, 10, NOON)) for seed in (1, 2))

    assert one
    assert not one & other


@settings(max_examples=20, deadline=None)
@given(demo=DEMOS)
def test_every_message_is_accepted_and_has_an_id_of_its_own(demo: Demo) -> None:
    verdicts = [accept(text) for request in requests(demo) for text in request.messages]

    ids = [verdict.event_id for verdict in verdicts if isinstance(verdict, Accepted)]
    assert len({*ids}) == len(verdicts)


@settings(max_examples=20, deadline=None)
@given(
    per_day=st.integers(1, 4),
    days=st.integers(1, 10),
    later=st.timedeltas(timedelta(), timedelta(days=9)),
)
def test_a_later_demo_adds_what_came_since(per_day: int, days: int, later: timedelta) -> None:
    until = NOON + later
    more = days + (until.date() - NOON.date()).days

    before = messages(Demo(7, per_day * days, days, NOON))
    after = messages(Demo(7, per_day * more, more, until))

    assert before <= after


def test_more_visitors_are_those_and_others() -> None:
    assert messages(Demo(1, 30, 10, NOON)) < messages(Demo(1, 60, 10, NOON))


def test_nothing_comes_after_the_end_or_before_it_happened() -> None:
    assert max(request.received for request in SHOP) <= NOON
    for request in SHOP:
        times = times_of(request)
        assert times == sorted(times)
        assert times[-1] < request.received or times[-1].year == NOON.year + 5


def test_the_days_are_in_order() -> None:
    days = [request.visit.begins.date() for request in SHOP]

    assert days == sorted(days)
    assert days[-1] - days[0] >= timedelta(89)


def test_about_as_many_people_come_as_are_asked_for() -> None:
    people = {request.visit.visitor.key for request in SHOP}

    assert len(people) == pytest.approx(1500, rel=0.05)


def test_more_come_at_weekends_and_during_a_sale() -> None:
    a_cycle = {day: newcomers(day, 1000) for day in map(date.fromordinal, range(739_000, 739_028))}
    saturdays, mondays = (
        sum(count for day, count in a_cycle.items() if day.weekday() == weekday)
        for weekday in (5, 0)
    )

    assert saturdays > 1.2 * mondays
    assert sum(a_cycle.values()) / 28 == pytest.approx(1000, rel=0.001)
    assert max(a_cycle.values()) > 1.5 * min(a_cycle.values())


def test_fewer_take_each_step_towards_an_order() -> None:
    people: dict[str, set[str]] = {}
    for body in bodies(SHOP):
        people.setdefault(body.get("event", body["type"]), set()).add(body["anonymousId"])
    steps = ("page", "product_viewed", "product_added", "checkout_started", "order_paid")
    counts = [len(people[step]) for step in steps]

    assert counts == sorted(counts, reverse=True)
    assert 0.02 < counts[-1] / counts[0] < 0.15


def test_some_come_back_and_fewer_each_week() -> None:
    weeks = Counter[int]()
    first: dict[str, date] = {}
    for request in SHOP:
        day = request.visit.begins.date()
        began = first.setdefault(request.visit.visitor.key, day)
        if began < (NOON - timedelta(days=42)).date():
            weeks[(day - began).days // 7] += 1

    assert weeks[0] > 2 * weeks[1] > 2 * weeks[3] > 0
    assert weeks[5] > 0


def test_people_become_known_and_are_recognized_on_another_device() -> None:
    devices: dict[str, set[str]] = {}
    for body in bodies(SHOP):
        if "userId" in body:
            devices.setdefault(body["userId"], set()).add(body["anonymousId"])

    assert len(devices) > 50
    assert {len(each) for each in devices.values()} == {1, 2}


def test_only_phones_are_late_and_few_of_them() -> None:
    late = [each for each in SHOP if each.received - each.visit.begins > timedelta(days=1)]
    with_phones = [each for each in SHOP if each.visit.device in PHONES]

    assert {each.visit.device in PHONES for each in late} == {True}
    assert 0.01 < len(late) / len(with_phones) < 0.05


def test_under_privacy_control_no_id_outlives_a_page() -> None:
    private = [each for each in SHOP if each.visit.visitor.consent == "gpc"]

    assert private
    for body in bodies(private):
        assert body["anonymousId"] == body["context"]["pageViewId"]
        assert "userId" not in body
        assert "sessionId" not in body["context"]
