"""Where an event is in the table: its partition key and its sort key.

The partition key is the page's path. The sort key is the time in milliseconds since 1970, made
unique by digits after the point: three for the microseconds, and seventeen of a digest of what the
event says. An event that is written again has the same key, so it replaces itself. DynamoDB keeps
38 digits of a number ("Supported data types", Amazon DynamoDB Developer Guide); these are at most
35.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Final

MAX_KEY_BYTES: Final = 2048
"""A partition key ("Quotas", Amazon DynamoDB Developer Guide)."""

MAX_WRITE_SHARDS: Final = 100

_EXACT: Final = Context(prec=38)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIE_DIGITS: Final = 17
_DIGITS: Final = 3 + _TIE_DIGITS


def partition_key(path: str, shard: int = 0) -> str:
    """Return the partition key of a page: its path, or a digest of one that is too long.

    A hot page may be spread over several write shards; shard 0 has the key of a page without any,
    so that spreading a page later loses nothing.
    """
    suffix = f"\n{shard}" if shard else ""
    if len(path.encode()) + len(suffix) <= MAX_KEY_BYTES:
        return path + suffix
    return f"sha256:{hashlib.sha256(path.encode()).hexdigest()}{suffix}"


def partition_keys(path: str, write_shards: int) -> Iterator[str]:
    """Yield the partition keys of all write shards of a page."""
    return (partition_key(path, shard) for shard in range(write_shards))


def write_shard(event_id: str, write_shards: int) -> int:
    """Return the write shard that an event belongs to."""
    return _digest(event_id) % write_shards


def sort_key(time: datetime, identity: str) -> Decimal:
    """Return the sort key of an event; ``time`` is aware.

    ``identity`` is what tells the event from any other.
    """
    return _number(time, _digest(identity) % 10**_TIE_DIGITS)


def first_sort_key(time: datetime) -> Decimal:
    """Return the least sort key that an event of an instant can have; ``time`` is aware."""
    return _number(time, 0)


def _number(time: datetime, tie: int) -> Decimal:
    microseconds = (time - _EPOCH) // timedelta(microseconds=1)
    return _EXACT.scaleb(Decimal(microseconds * 10**_TIE_DIGITS + tie), -_DIGITS)


def milliseconds(key: Decimal) -> int:
    """Return the whole milliseconds since 1970 of a sort key."""
    return int(key.to_integral_value(ROUND_FLOOR))


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
