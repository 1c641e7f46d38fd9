from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from headwater_contract import client_times as contract
from headwater_contract.client_times import (
    MAX_FUTURE,
    SKEW_TOLERANCE,
    STAMPING_FILES,
    ClientTimes,
    EventTime,
    client_times,
    happened_at,
)
from headwater_contract.message import decode_message

RECEIVED = datetime(2026, 1, 31, 13, 37, 1, tzinfo=UTC)
MAX_AGE = timedelta(days=30)
INSTANT = timedelta(microseconds=1)
FIRST_INSTANT = datetime.min.replace(tzinfo=UTC)
LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


def event_time(
    happened: datetime | None,
    sent: datetime | None,
    received: datetime,
    max_age: timedelta | None,
) -> EventTime:
    return contract.event_time(ClientTimes(happened, sent), received, max_age)


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


@pytest.mark.parametrize("sent", [FIRST_INSTANT, datetime(1970, 1, 1, tzinfo=UTC)])
def test_believes_no_sending_before_it_happened(sent: datetime) -> None:
    happened = RECEIVED - timedelta(hours=2)

    assert event_time(happened, sent, RECEIVED, MAX_AGE) == EventTime(happened, "client")


def test_corrects_a_clock_that_was_reset() -> None:
    reset = datetime(1970, 1, 1, tzinfo=UTC)

    corrected = event_time(reset, reset + timedelta(minutes=5), RECEIVED, MAX_AGE)

    assert corrected == EventTime(RECEIVED - timedelta(minutes=5), "skew")


def test_a_delay_that_the_client_tells_is_not_an_error_of_its_clock() -> None:
    happened = RECEIVED - timedelta(hours=26)
    times = ClientTimes(happened, happened + timedelta(minutes=1), tells_delay=True)

    assert contract.event_time(times, RECEIVED, MAX_AGE) == EventTime(happened, "client")


def test_a_clock_that_is_ahead_shows_even_in_a_delay() -> None:
    ahead = timedelta(hours=3)
    times = ClientTimes(RECEIVED + ahead - timedelta(minutes=1), RECEIVED + ahead, tells_delay=True)

    assert contract.event_time(times, RECEIVED, MAX_AGE) == EventTime(
        RECEIVED - timedelta(minutes=1), "skew"
    )


@pytest.mark.parametrize("library", [*sorted(STAMPING_FILES), "Analytics-CSharp"])
def test_knows_the_libraries_whose_batches_wait(library: str) -> None:
    assert client_times(decode_message(b"{}"), None, library).tells_delay


@pytest.mark.parametrize("library", [None, "analytics-python", "analytics.js"])
def test_takes_any_other_library_to_send_at_once(library: str | None) -> None:
    assert not client_times(decode_message(b"{}"), None, library).tells_delay


@pytest.mark.parametrize("other", [b"", b',"userId":7.0'])
def test_another_servers_receipt_means_that_its_times_are_corrected(other: bytes) -> None:
    message = decode_message(b'{"receivedAt":"2026-01-01T00:00:00Z"%b}' % other)

    assert client_times(message, None, None).is_final
    assert not client_times(decode_message(b'{"receivedAt":5}'), None, None).is_final


@pytest.mark.parametrize("sent", [RECEIVED + timedelta(hours=1), RECEIVED - timedelta(days=700)])
def test_corrects_no_times_that_are_final(sent: datetime) -> None:
    happened = sent - timedelta(minutes=1)

    for message, is_import in ((b'{"receivedAt":"2026-01-31T12:00:00Z"}', False), (b"{}", True)):
        times = client_times(decode_message(message), sent, None, is_import=is_import)
        final = msgspec.structs.replace(times, happened=happened)
        assert contract.event_time(final, RECEIVED, None) == EventTime(happened, "client")


@pytest.mark.parametrize(
    ("text", "happened"),
    [
        (b'{"timestamp":"2026-01-31","originalTimestamp":"2026-01-30"}', "2026-01-31"),
        (b'{"timestamp":null,"originalTimestamp":"2026-01-30"}', "2026-01-30"),
        (b'{"timestamp":"","originalTimestamp":"2026-01-30"}', "2026-01-30"),
        (b'{"timestamp":"2026-01-31","originalTimestamp":"soon"}', "2026-01-31"),
    ],
)
def test_reads_either_of_two_fields(text: bytes, happened: str) -> None:
    assert happened_at(decode_message(text)) == datetime.fromisoformat(f"{happened}T00:00:00Z")


@pytest.mark.parametrize("zero", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000"])
def test_a_time_that_nobody_has_set_is_none(zero: str) -> None:
    message = decode_message(b'{"timestamp":"%b","sentAt":"%b"}' % (zero.encode(), zero.encode()))

    assert client_times(message, None, None) == ClientTimes()


@pytest.mark.parametrize("field", ["timestamp", "originalTimestamp"])
def test_names_the_field_that_holds_no_time(field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} 'soon' is not an ISO 8601 date-time"):
        happened_at(decode_message(b'{"%b":"soon"}' % field.encode()))


def test_the_messages_own_time_of_sending_goes_before_its_batchs() -> None:
    message = decode_message(b'{"sentAt":"2026-01-31T13:37:01Z"}')

    assert client_times(message, FIRST_INSTANT, None).sent == RECEIVED
    assert client_times(decode_message(b"{}"), RECEIVED, None).sent == RECEIVED


@pytest.mark.parametrize("sent", [b"5", b"null", b"[]", b'"soon"', b'""'])
def test_what_is_not_a_time_of_sending_is_as_good_as_absent(sent: bytes) -> None:
    message = decode_message(b'{"type":"page","sentAt":%b}' % sent)

    assert client_times(message, RECEIVED, None).sent == RECEIVED


def test_history_is_never_too_old() -> None:
    happened = datetime(1999, 12, 31, tzinfo=UTC)

    assert event_time(happened, None, RECEIVED, None) == EventTime(happened, "client")
    assert event_time(LAST_INSTANT, None, RECEIVED, None) == EventTime(RECEIVED, "clamped")
