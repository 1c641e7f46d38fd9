from datetime import UTC, datetime

import pytest

from headwater_poller.times import TimeFormat, format_as, parse_as

INSTANT = datetime(2026, 1, 31, 13, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time_format", "value"),
    [
        ("iso", "2026-01-31T13:37:00Z"),
        ("iso", "2026-01-31T14:37:00+01:00"),
        ("epoch_s", 1769866620),
        ("epoch_s", 1769866620.0),
        ("epoch_s", "1769866620"),
        ("epoch_ms", 1769866620000),
        ("epoch_us", 1769866620000000),
    ],
)
def test_reads_a_time(time_format: TimeFormat, value: object) -> None:
    assert parse_as(time_format, value) == INSTANT


def test_keeps_a_fraction() -> None:
    assert parse_as("epoch_s", "1769866620.25").microsecond == 250_000
    assert parse_as("epoch_ms", 1769866620123).microsecond == 123_000


def test_reads_times_before_1970() -> None:
    assert parse_as("epoch_s", -1) == datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time_format", "value"),
    [
        ("iso", 1769866620),
        ("iso", None),
        ("epoch_s", "2026-01-31T13:37:00Z"),
        ("epoch_s", True),
        ("epoch_s", None),
        ("epoch_s", [1]),
        ("epoch_s", float("inf")),
        ("epoch_s", "9" * 5000),
        ("epoch_s", 10**19),
        ("epoch_us", ""),
    ],
)
def test_refuses_what_is_not_a_time_in_that_format(time_format: TimeFormat, value: object) -> None:
    with pytest.raises(ValueError, match="time"):
        parse_as(time_format, value)


@pytest.mark.parametrize(
    ("time_format", "text"),
    [
        ("iso", "2026-01-31T13:37:00Z"),
        ("epoch_s", "1769866620"),
        ("epoch_ms", "1769866620000"),
        ("epoch_us", "1769866620000000"),
    ],
)
def test_writes_a_time(time_format: TimeFormat, text: str) -> None:
    assert format_as(time_format, INSTANT) == text
