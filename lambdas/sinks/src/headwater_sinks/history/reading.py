"""An answer of ``GET /v1/history``: items of a page, the newest first."""

import json
from collections.abc import Iterable, Iterator
from heapq import merge
from typing import Any, Final

from headwater_sinks.history.cursor import cursor_at
from headwater_sinks.history.item import Item, answer_of, is_expired, path_in, sort_key_in
from headwater_sinks.history.keys import partition_keys
from headwater_sinks.history.query import Query
from headwater_sinks.history.table import Table

MAX_ANSWER_BYTES: Final = 4_000_000
"""Items of one answer, as Lambda hands them over. A function's response may have 6 MB ("Lambda
quotas", AWS Lambda Developer Guide)."""


def read(table: Table, query: Query, write_shards: int, now: float) -> dict[str, Any]:
    """Return up to ``query.limit`` items, and the cursor for the next ones if there may be more.

    There are fewer if more would be over ``MAX_ANSWER_BYTES``.

    ``now`` is in seconds since 1970. What another path put under the same key is left out.

    Raises:
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: the table could not be
            read.
    """
    asked_for = (
        item
        for item in _newest(table, query, write_shards)
        if path_in(item) == query.path and not is_expired(item, now)
    )
    items, is_full = _page(asked_for, query.limit)
    cursor = cursor_at(query.path, sort_key_in(items[-1])) if is_full else None
    return {"items": [answer_of(item) for item in items], "cursor": cursor}


def encode(value: object) -> str:
    """Return JSON that escapes no letters: most of the world's would take three times the bytes."""
    return json.dumps(value, ensure_ascii=False)


def _page(items: Iterable[Item], limit: int) -> tuple[list[Item], bool]:
    """Return the items of a page, at least one if there is one, and whether it is full."""
    page: list[Item] = []
    size = 0
    for item in items:
        size += _size(item)
        if page and size > MAX_ANSWER_BYTES:
            return page, True
        page.append(item)
        if len(page) == limit:
            return page, True
    return page, False


def _size(item: Item) -> int:
    # The body is JSON, and Lambda encodes it once more, as a string of its own JSON.
    return len(encode(encode(answer_of(item))).encode())


def _newest(table: Table, query: Query, write_shards: int) -> Iterator[Item]:
    shards = (
        table.newest(key, query.start, query.end, query.limit)
        for key in partition_keys(query.path, write_shards)
    )
    return merge(*shards, key=sort_key_in, reverse=True)
