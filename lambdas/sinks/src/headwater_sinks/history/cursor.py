"""Where a page of answers ends, as the text that asks for the next one.

It is not a secret, and not signed: it holds nothing but a position on the page that is asked for,
which ``from`` and ``to`` could name as well. One that was changed is refused if it is not such a
position, or one of another path.
"""

import base64
import hashlib
import re
from decimal import Decimal
from typing import Final

_POSITION: Final = re.compile(r"-?\d{1,15}(\.\d{1,20})?", re.ASCII)
_UNKNOWN: Final = "cursor is not from an earlier answer"


class CursorError(ValueError):
    """A text that is not a cursor for the path."""


def cursor_at(path: str, position: Decimal) -> str:
    """Return the cursor behind the item with a sort key."""
    return base64.urlsafe_b64encode(f"{_mark(path)}:{position}".encode()).decode().rstrip("=")


def position_of(path: str, cursor: str) -> Decimal:
    """Return the sort key of the item that a cursor is behind.

    Raises:
        CursorError: this is not a cursor that was given for the path.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        mark, _, position = base64.urlsafe_b64decode(padded.encode("ascii")).decode().partition(":")
    except ValueError as error:
        raise CursorError(_UNKNOWN) from error
    if mark != _mark(path):
        raise CursorError("cursor belongs to another path")
    if not _POSITION.fullmatch(position):
        raise CursorError(_UNKNOWN)
    return Decimal(position)


def _mark(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:8]
