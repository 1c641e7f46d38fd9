from datetime import UTC, datetime, timedelta

import pytest

from headwater_writer.rows.clock import MAX_FUTURE, SKEW_TOLERANCE, EventTime, event_time

RECEIVED = datetime(2026, 1, 31, 13, 37, 1, tzinfo=UTC)
MAX_AGE = timedelta(days=30)
INSTANT = timedelta(microseconds=1)
FIRST_INSTANT = datetime.min.replace(tzinfo=UTC)
LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


def test_takes_the_arrival_if_the_client_says_nothing() -> None:
    assert event_time(None, None, RECEIVED, MAX_AGE) == EventTime(RECEIVED, "server")


def test_takes_the_arrival_if_the_client_says_only_when_it_sent() -> None:
    sent = RECEIVED - timedelta(days=2)

    assert event_time(None, sent, RECEIVED, MAX_AGE) == EventTime(RECEIVED, "server")


def test_keeps_the_clients_time_if_it_does_not_say_when_it_sent() -> None:
    happened = RECEIVED - timedelta(hours=3)

    assert event_time(happened, None, RECEIVED, MAX_AGE) == EventTime(happened, "client")


@pytest.mark.parametrize("skew", [SKEW_TOLERANCE, -SKEW_TOLERANCE, timedelta()])
def test_takes_a_minute_between_the_clocks_for_transit(skew: timedelta) -> None:
    happened = RECEIVED - timedelta(hours=3)

    assert event_time(happened, RECEIVED + skew, RECEIVED, MAX_AGE) == EventTime(happened, "client")


@pytest.mark.parametrize("skew", [SKEW_TOLERANCE + INSTANT, -SKEW_TOLERANCE - INSTANT])
def test_corrects_a_clock_that_is_more_than_a_minute_off(skew: timedelta) -> None:
    true_time = RECEIVED - timedelta(seconds=2)

    corrected = event_time(true_time + skew, RECEIVED + skew, RECEIVED, MAX_AGE)

    assert corrected == EventTime(true_time, "skew")


@pytest.mark.parametrize("happened", [RECEIVED + MAX_FUTURE, RECEIVED - MAX_AGE])
def test_keeps_the_outermost_times(happened: datetime) -> None:
    assert event_time(happened, None, RECEIVED, MAX_AGE) == EventTime(happened, "client")


@pytest.mark.parametrize(
    "happened", [RECEIVED + MAX_FUTURE + INSTANT, RECEIVED - MAX_AGE - INSTANT]
)
def test_clamps_what_lies_beyond_them(happened: datetime) -> None:
    assert event_time(happened, None, RECEIVED, MAX_AGE) == EventTime(RECEIVED, "clamped")


def test_clamps_what_correction_puts_out_of_range() -> None:
    sent = RECEIVED + timedelta(days=40)

    corrected = event_time(RECEIVED, sent, RECEIVED, MAX_AGE)

    assert corrected == EventTime(RECEIVED, "clamped")


@pytest.mark.parametrize(
    ("happened", "sent"),
    [
        (FIRST_INSTANT, None),
        (FIRST_INSTANT, LAST_INSTANT),
        (LAST_INSTANT, None),
        (LAST_INSTANT, FIRST_INSTANT),
    ],
)
def test_clamps_the_ends_of_the_calendar(happened: datetime, sent: datetime | None) -> None:
    assert event_time(happened, sent, RECEIVED, MAX_AGE) == EventTime(RECEIVED, "clamped")


@pytest.mark.parametrize("end", [FIRST_INSTANT, LAST_INSTANT])
def test_corrects_a_clock_at_the_ends_of_the_calendar(end: datetime) -> None:
    assert event_time(end, end, RECEIVED, MAX_AGE) == EventTime(RECEIVED, "skew")


@pytest.mark.parametrize("received", [FIRST_INSTANT, LAST_INSTANT])
def test_stands_a_collector_at_the_ends_of_the_calendar(received: datetime) -> None:
    happened = datetime(2026, 1, 1, tzinfo=UTC)

    assert event_time(happened, None, received, MAX_AGE) == EventTime(received, "clamped")
    assert event_time(received, None, received, MAX_AGE) == EventTime(received, "client")
