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
        "2026-01-31t12:00:00z",
        "2026-01-31T12:00:00-00:00",
        "2026-01-31T12:00:00+00",
        "2026-01-31T12:00:00,000Z",
        "2026-01-31T12:00:00.0000000Z",
        "2026-01-31T11:59:60Z",
        "2026-01-31 12:00:00 UTC",
        "2026-01-31 14:00:00 +0200",
        "2026-01-31T12:00Z",
        "2026-01-31T12",
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
        "1769860800000",
        "17698608",
        "20260131",
        "2026-W05-6",
        "2026-031",
        "26-01-31T12:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00.029:Z",
        "2026-01-31T12:00.5Z",
        "2026-01-31T12:00:61Z",
        "2026-01-31T12:00:00+24:00",
        "2026-01-31T12:00:00+01:60",
        "2026-01-31T12:00:00Z ",
        "2026-01-31T12:00:00Z\n",
        "\u0662\u0660\u0662\u0666-01-31T12:00:00Z",
        "31/1/2026 12:00:00 PM",
        "Sat, 31 Jan 2026 12:00:00 GMT",
        "9999-12-31T23:59:60Z",
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


offsets = st.integers(min_value=-23 * 60 - 59, max_value=23 * 60 + 59)


@given(
    time=st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)),  # noqa: DTZ001
    offset=offsets,
    separator=st.sampled_from("Tt "),
    digits=st.integers(min_value=0, max_value=9),
    colon=st.sampled_from(["", ":"]),
    blank=st.sampled_from(["", " "]),
)
def test_reads_every_width_and_every_offset(
    *, time: datetime, offset: int, separator: str, digits: int, colon: str, blank: str
) -> None:
    fraction = f"{time.microsecond:06}000"[:digits]
    kept = int(f"{fraction[:6]:0<6}")
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    text = (
        f"{time.year:04}-{time:%m-%d}{separator}{time:%H:%M:%S}{'.' if digits else ''}{fraction}"
        f"{blank}{sign}{minutes // 60:02}{colon}{minutes % 60:02}"
    )

    expected = time.replace(microsecond=kept, tzinfo=UTC) - timedelta(minutes=offset)
    assert parse_time(text) == expected


def test_writes_utc_with_microseconds() -> None:
    one_hour_east = NOON.astimezone(timezone(timedelta(hours=1)))

    assert format_time(one_hour_east) == "2026-01-31T12:00:00.000000Z"
