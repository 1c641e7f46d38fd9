"""Times as APIs write them: ISO 8601, or a count since 1970 in a unit that is declared."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, get_args

from headwater_contract.quoting import quoted
from headwater_contract.times import parse_time

TimeFormat = Literal["iso", "epoch_s", "epoch_ms", "epoch_us"]
TIME_FORMATS: Final[tuple[TimeFormat, ...]] = get_args(TimeFormat)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PER_SECOND: Final = {"epoch_s": 1, "epoch_ms": 10**3, "epoch_us": 10**6}
_COUNT: Final = re.compile(r"-?\d{1,20}(\.\d{1,9})?", re.ASCII)


def parse_as(time_format: TimeFormat, value: object) -> datetime:
    """Return the instant (UTC) that a JSON value names; a count may be a number or its text.

    Raises:
        ValueError: it names none in that format; the text quotes it.
    """
    text = "" if isinstance(value, bool) else str(value)
    if time_format == "iso":
        return parse_time(text)
    if not _COUNT.fullmatch(text):
        raise ValueError(f"{quoted(str(value))} is not a time in the format {time_format}")
    try:
        microseconds = int(Decimal(text) * 10**6 / _PER_SECOND[time_format])
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError as error:
        raise ValueError(f"{quoted(text)} is a time beyond the year 9999") from error


def format_as(time_format: TimeFormat, time: datetime) -> str:
    """Return an aware time of whole seconds, as a query parameter says it."""
    if time_format == "iso":
        return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str((time - _EPOCH) // timedelta(seconds=1) * _PER_SECOND[time_format])
