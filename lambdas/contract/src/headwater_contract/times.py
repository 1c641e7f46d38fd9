"""Date-times on the wire: text in, aware UTC out."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from headwater_contract.quoting import quoted

_USUAL: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T[0-2]\d:\d{2}:\d{2}(?:\.\d{1,12})?(?:Z|[+-]\d{2}:[0-5]\d)", re.ASCII
)
_SPELLING: Final = re.compile(
    r"""
    (?P<date> \d{4}-\d{2}-\d{2} | \d{8}(?=T) )
    (?: [Tt\ ]
        (?P<hour> [01]\d | 2[0-3] )
        (?: :?(?P<minute> [0-5]\d )
            (?: :?(?P<second> [0-5]\d | 60 ) (?: [.,](?P<fraction> \d{1,12} ) )? )?
        )?
        \ ? (?P<offset> [Zz] | UTC | GMT | [+-]\d{2}(?::?[0-5]\d)? )?
    )?
    """,
    re.VERBOSE | re.ASCII,
)
"""RFC 3339, section 5.6, with what clients that are in use write beyond it.

Without seconds, without an offset (UTC), or the date alone; offsets without a colon or minutes;
``UTC``; a blank before the offset, as Ruby's ``Time#to_s``; a comma before the fraction, and any
number of digits after it, as .NET (7) and Go (9); ISO 8601's basic format if a ``T`` is in it. Week
dates and plain digits are left out: eight digits of a number are a date in some century.
"""


_EPOCH_UNITS: Final = ((10**11, 1), (10**14, 10**3), (10**17, 10**6), (10**20, 10**9))
"""A count below a limit is in the unit of which so many make a second: (limit, units a second)."""


def parse_time(text: str) -> datetime:
    """Return the instant that a date-time names, in UTC.

    A text without an offset is taken as UTC. Digits beyond microseconds are dropped. The second 60
    is the one after 59.

    Raises:
        ValueError: it is not a date-time, or names no instant between the years 1 and 9999.
    """
    try:
        if _USUAL.fullmatch(text) and text[17:19] != "60":
            return datetime.fromisoformat(text).astimezone(UTC)
        return _parse_unusual(text)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{quoted(text)} is not an ISO 8601 date-time") from error


def _parse_unusual(text: str) -> datetime:
    spelled = _SPELLING.fullmatch(text)
    if spelled is None:
        raise ValueError("none of the spellings")
    part = spelled.groupdict(default="00")
    offset = spelled["offset"] or "Z"
    zone = offset if offset[0] in "+-" else "Z"
    clock = f"{part['hour']}:{part['minute']}:00.{part['fraction']}"
    minute = datetime.fromisoformat(f"{_with_dashes(part['date'])}T{clock}{zone}")
    return minute.astimezone(UTC) + timedelta(seconds=int(part["second"]))


def _with_dashes(date: str) -> str:
    return date if "-" in date else f"{date[:4]}-{date[4:6]}-{date[6:]}"


def format_time(time: datetime) -> str:
    """Return an aware date-time as ISO 8601 text in UTC with microseconds."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def parse_epoch(number: float) -> datetime:
    """Return the instant (UTC) that a count since 1970 names, in seconds or a fraction of them.

    Its size tells the unit: seconds up to the year 5138, then milli-, micro- and nanoseconds.

    Raises:
        ValueError: it names no instant between 1970 and 9999.
    """
    for limit, unit in _EPOCH_UNITS:
        if 0 <= number < limit:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number * 10**6 // unit)
    raise ValueError(f"{quoted(str(number))} counts no seconds or milliseconds since 1970")
