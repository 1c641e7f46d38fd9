"""From events to counts by minute, app and type."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from headwater_contract.event import Event

LONGEST_NAME: Final = 300
"""Characters of a name that is kept whole. PostgreSQL's indexes take some 2,700 bytes a row, and a
character may take four."""

_NUL: Final = "\\u0000"


class Group(NamedTuple):
    """What is counted together; ``minute`` is aware UTC."""

    minute: datetime
    app_id: str
    event_type: str


def tally(events: Iterable[Event]) -> Counter[Group]:
    """Count events by minute, app and type."""
    return Counter(
        Group(
            event.event_time.replace(second=0, microsecond=0),
            name(event.app_id),
            name(event.event_type),
        )
        for event in events
    )


def name(text: str) -> str:
    """Return a name as PostgreSQL can hold and index it.

    Its text has no NUL ("Character Types", PostgreSQL documentation), which is written as JSON
    escapes it. A long name is cut, and a digest of all of it is added.
    """
    escaped = text.replace("\0", _NUL)
    if len(escaped) <= LONGEST_NAME:
        return escaped
    digest = hashlib.sha256(escaped.encode()).hexdigest()[:16]
    return f"{escaped[:LONGEST_NAME]}…{digest}"
