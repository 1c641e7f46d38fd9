"""Query results as JSON and as CSV, for programs.

Times carry a ``Z``: every timestamp of the lake is UTC.
"""

import base64
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import Any, Final

import msgspec

_EXACT: Final = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True)
class Result:
    """Rows of a statement, each a tuple of Python values in the order of ``columns``.

    ``is_cut`` says that there are more.
    """

    columns: list[str]
    rows: list[tuple[Any, ...]]
    is_cut: bool = False


def plain(value: object) -> Any:  # noqa: ANN401, PLR0911 -- any JSON value, one line a type
    """Turn an engine's value into one that JSON has; a decimal is a number as exact as it is.

    Times become ISO 8601 in UTC, bytes text if they are UTF-8 and base64 otherwise, NaN and
    infinities null.
    """
    match value:
        case None | bool() | int() | str() | Decimal():
            return value
        case float():
            return value if math.isfinite(value) else None
        case datetime():
            moment = value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
            return moment.isoformat().replace("+00:00", "Z")
        case date() | time_of_day():
            return value.isoformat()
        case bytes() | bytearray():
            return _bytes(bytes(value))
        case dict():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case timedelta():
            return str(value)
        case _:
            return str(value)


def json_text(value: object) -> str:
    """Return a value that JSON has as JSON, its decimals with all their digits."""
    return _EXACT.encode(value).decode()


def csv_lines(result: Result) -> Iterator[str]:
    """Yield a result's header and rows as lines of CSV."""
    for row in (result.columns, *result.rows):
        yield ",".join(map(_csv_field, row)) + "\n"


def as_text(value: object) -> str:
    """Return a value that is not null as bare text."""
    simple = plain(value)
    if isinstance(value, float) and simple is None:
        return str(value)
    return simple if isinstance(simple, str) else json_text(simple)


def _bytes(value: bytes) -> str:
    """Return bytes as the files of failed records have them: most are JSON."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()


def _csv_field(value: object) -> str:
    """Return nothing for null and quotes for empty text, as PostgreSQL's COPY does."""
    if value is None:
        return ""
    field = as_text(value)
    is_plain = field and not set(field) & set(',"\r\n')
    return field if is_plain else '"' + field.replace('"', '""') + '"'
