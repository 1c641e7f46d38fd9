"""What the table holds of an event, and what a reader gets of it."""

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from headwater_contract.event import Event
from headwater_sinks.history.keys import milliseconds, partition_key, sort_key, write_shard

Item = dict[str, dict[str, str]]
"""An item as DynamoDB's API has it: by attribute, the value by its type."""

PATH: Final = "pagePath"
TIMESTAMP: Final = "timestamp"
WHOLE_PATH: Final = "path"
"""The path, in an item whose partition key is not the path."""
EXPIRES_AT: Final = "expiresAt"
"""When the item may go (seconds since 1970): the table's TTL attribute."""

_FIELDS: Final = {
    "eventId": "event_id",
    "eventType": "event_type",
    "appId": "app_id",
    "userId": "user_id",
    "anonymousId": "anonymous_id",
    "sessionId": "session_id",
    "host": "host",
    "title": "page_title",
    "referrer": "referrer",
    "properties": "properties",
}
"""The attributes besides the keys, each with the event's field that it holds."""


def item_of(event: Event, path: str, write_shards: int, kept: timedelta | None) -> Item:
    """Return the item of an event of a page; ``kept`` is how long after the event it may go."""
    key = partition_key(path, write_shard(event.event_id, write_shards))
    texts = {PATH: key, **_texts(event)} | ({} if key == path else {WHOLE_PATH: path})
    numbers = {TIMESTAMP: str(sort_key(event.event_time, _identity(event)))}
    if kept is not None:
        numbers[EXPIRES_AT] = str(int((event.event_time.timestamp()) + kept.total_seconds()))
    return {name: {"S": text} for name, text in texts.items()} | {
        name: {"N": number} for name, number in numbers.items()
    }


def _identity(event: Event) -> str:
    # A repeat has the same id and the same content, as in the tables: write keys are public, and an
    # id that somebody guessed replaces nothing.
    content = (event.event_type, event.user_id, event.anonymous_id, event.properties)
    return json.dumps([event.app_id, event.event_id, *content])


def _texts(event: Event) -> dict[str, str]:
    values = {name: getattr(event, field) for name, field in _FIELDS.items()}
    return {name: value for name, value in values.items() if value is not None}


def path_in(item: Item) -> str:
    """Return the path of an item's page."""
    return item.get(WHOLE_PATH, item[PATH])["S"]


def sort_key_in(item: Item) -> Decimal:
    """Return an item's sort key."""
    return Decimal(item[TIMESTAMP]["N"])


def is_expired(item: Item, now: float) -> bool:
    """Return whether an item should be gone: DynamoDB may take days to delete it.

    ``now`` is in seconds since 1970.
    """
    return EXPIRES_AT in item and int(item[EXPIRES_AT]["N"]) <= now


def answer_of(item: Item) -> Mapping[str, Any]:
    """Return an item as a reader gets it: whole milliseconds, and properties as an object."""
    texts = {name: item[name]["S"] for name in _FIELDS if name in item}
    if "properties" in texts:
        texts["properties"] = json.loads(texts["properties"])
    return {PATH: path_in(item), TIMESTAMP: milliseconds(sort_key_in(item)), **texts}
