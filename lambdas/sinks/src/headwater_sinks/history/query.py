"""What ``GET /v1/history`` may ask."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from headwater_contract.quoting import quoted
from headwater_contract.times import parse_epoch, parse_time
from headwater_sinks.history.cursor import CursorError, position_of
from headwater_sinks.history.keys import first_sort_key

MAX_LIMIT: Final = 1000
DEFAULT_LIMIT: Final = 100
LONGEST_PATH: Final = 8 * 1024
"""Characters: an HTTP API takes no longer request line ("Quotas for HTTP APIs", API Gateway)."""

_PARAMETERS: Final = ("path", "from", "to", "limit", "cursor")
_BEGINNING: Final = Decimal("-1e15")
_END: Final = Decimal("1e15")
_EPOCH: Final = re.compile(r"\d{1,19}", re.ASCII)


class QueryError(ValueError):
    """A query that is refused; the text is a sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class Query:
    """A page, a range of sort keys (the end is not in it), and how many items at most."""

    path: str
    start: Decimal
    end: Decimal
    limit: int


def read_query(parameters: Mapping[str, str]) -> Query:
    """Return what the parameters of a request ask for.

    Raises:
        QueryError: they cannot be answered.
    """
    if unknown := [name for name in parameters if name not in _PARAMETERS]:
        raise QueryError(f"{quoted(unknown[0])} is unknown: use {', '.join(_PARAMETERS)}")
    path = parameters.get("path", "")
    if not 1 <= len(path) <= LONGEST_PATH:
        raise QueryError(f"path is missing or longer than {LONGEST_PATH} characters: name a page")
    end = _instant(parameters, "to", _END)
    return Query(
        path=path,
        start=_instant(parameters, "from", _BEGINNING),
        end=min(end, _position(path, parameters["cursor"])) if "cursor" in parameters else end,
        limit=_limit(parameters.get("limit", str(DEFAULT_LIMIT))),
    )


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= MAX_LIMIT):
        raise QueryError(f"limit is {quoted(text)}: give a whole number from 1 to {MAX_LIMIT}")
    return int(text)


def _position(path: str, cursor: str) -> Decimal:
    try:
        return position_of(path, cursor)
    except CursorError as error:
        raise QueryError(f"{error}: leave it out to begin with the newest") from error


def _instant(parameters: Mapping[str, str], name: str, otherwise: Decimal) -> Decimal:
    text = parameters.get(name)
    if not text:
        return otherwise
    try:
        return first_sort_key(_time(text))
    except ValueError as error:
        raise QueryError(
            f"{name} {error}: give milliseconds since 1970, or a time like 2026-01-31T13:37:00Z"
        ) from error


def _time(text: str) -> datetime:
    return parse_epoch(int(text)) if _EPOCH.fullmatch(text) else parse_time(text)
