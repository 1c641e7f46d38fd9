from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.times import format_time, parse_time

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.000Z",
        "2026-01-31T12:00:00.000000000Z",
        "2026-01-31T13:00:00+01:00",
        "2026-01-31T06:30:00-0530",
        "2026-01-31 12:00:00",
        "20260131T120000Z",
    ],
)
def test_reads_the_spellings_of_iso_8601(text: str) -> None:
    assert parse_time(text) == NOON


def test_reads_a_time_without_offset_as_utc() -> None:
    assert parse_time("2026-01-31T12:00:00").tzinfo is UTC


def test_drops_digits_beyond_microseconds() -> None:
    assert parse_time("2026-01-31T12:00:00.1234569Z") == NOON + timedelta(microseconds=123_456)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1769860800",
        "2026-02-30T00:00:00Z",
        "2026-01-31T25:00:00Z",
        "+12026-01-31T12:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+12:00",
    ],
)
def test_refuses_what_names_no_instant(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 date-time"):
        parse_time(text)


@given(st.text())
def test_never_fails_otherwise_than_by_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 date-time"):
        parse_time(f"at {text}")


def test_shows_only_the_start_of_a_long_text() -> None:
    with pytest.raises(ValueError, match=r"^.{0,80}$"):
        parse_time("x" * 10_000)


@given(st.datetimes(timezones=st.just(UTC)))
def test_reads_back_what_it_writes(time: datetime) -> None:
    assert parse_time(format_time(time)) == time


def test_writes_utc_with_microseconds() -> None:
    one_hour_east = NOON.astimezone(timezone(timedelta(hours=1)))

    assert format_time(one_hour_east) == "2026-01-31T12:00:00.000000Z"
