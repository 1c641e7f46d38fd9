"""An answer of ``GET /v1/history``: items of a page, the newest first."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import Any

from headwater_sinks.history.cursor import cursor_at
from headwater_sinks.history.item import Item, answer_of, is_expired, path_in, sort_key_in
from headwater_sinks.history.keys import partition_keys
from headwater_sinks.history.query import Query
from headwater_sinks.history.table import Table


def read(table: Table, query: Query, write_shards: int, now: float) -> dict[str, Any]:
    """Return up to ``query.limit`` items, and the cursor for the next ones if there may be more.

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
    items = list(islice(asked_for, query.limit))
    is_full = len(items) == query.limit
    cursor = cursor_at(query.path, sort_key_in(items[-1])) if is_full else None
    return {"items": [answer_of(item) for item in items], "cursor": cursor}


def _newest(table: Table, query: Query, write_shards: int) -> Iterator[Item]:
    shards = (
        table.newest(key, query.start, query.end, query.limit)
        for key in partition_keys(query.path, write_shards)
    )
    return merge(*shards, key=sort_key_in, reverse=True)
