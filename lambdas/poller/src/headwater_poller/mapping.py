"""A record becomes a message of the contract, or is refused like any other message."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from headwater_collector.validation import Validation, refuse, validate
from headwater_contract.limits import MAX_MESSAGE_BYTES, MAX_REQUEST_BYTES
from headwater_contract.quoting import quoted
from headwater_contract.times import format_time
from headwater_poller.config import Config, RecordMap, Timestamp
from headwater_poller.times import parse_as

_NAMESPACE: Final = uuid.UUID("6b1f4a52-7d0c-5f6e-9a57-3f1c6d2f8e10")
"""Of the event ids of all pollers: drawn once, and never to change."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A record and the event id that it has however often it is polled.

    ``time`` is its own, if it can be read; ``problem`` says why no message can be made of it.
    """

    record: object
    event_id: uuid.UUID
    time: datetime | None = None
    problem: str | None = None

    @property
    def identity(self) -> bytes:
        """The id as 16 bytes."""
        return self.event_id.bytes


class _UnmappableError(ValueError):
    """A record of which no message can be made; the text says why."""


def recognise(config: Config, record: object) -> Recognised:
    """Return a record with its id and time; one without an id goes by all that is in it."""
    identity = record
    try:
        identity = _identity(config.record_map, record)
        time = _time(config.record_map.timestamp, record)
    except _UnmappableError as error:
        return Recognised(record, _event_id(config, identity), problem=str(error))
    return Recognised(record, _event_id(config, identity), time)


def validation_of(config: Config, recognised: Recognised) -> Validation:
    """Return what becomes of a record; nothing that an API answers makes it raise.

    A record that cannot be mapped is kept as it came. A message that the contract refuses is kept
    as a message, so that a replay may accept it. Of what is larger than a request of the collector,
    only the beginning is kept: no stream record is sure to hold it.
    """
    validation = _whole_validation(config, recognised)
    size = len(validation.entry.body)
    return validation if size <= MAX_REQUEST_BYTES else _shortened(validation, size)


def _whole_validation(config: Config, recognised: Recognised) -> Validation:
    problem = recognised.problem
    if problem is None:
        try:
            return validate(_message(config, recognised))
        except _UnmappableError as error:
            problem = str(error)
    return refuse(_text(recognised.record).encode(), f"the record cannot be mapped: {problem}")


def _shortened(validation: Validation, size: int) -> Validation:
    """Return a refused message with its beginning, as the collector keeps a body too large."""
    kept = f"of its {size:,} bytes the first {MAX_MESSAGE_BYTES:,} are kept"
    return refuse(validation.entry.body[:MAX_MESSAGE_BYTES], f"{validation.refusal}; {kept}")


def _message(config: Config, recognised: Recognised) -> bytes:
    found = {
        name: _attempt(name, partial(path.search, recognised.record))
        for name, path in config.record_map.fields.items()
    }
    message = {"type": "track"} | {name: each for name, each in found.items() if each is not None}
    _require_allowed(config.record_map, message)
    context = message.get("context", {})
    if isinstance(context, dict):
        message["context"] = {"channel": "poller"} | context
    if recognised.time is not None:
        message["timestamp"] = format_time(recognised.time)
    return _text(message | {"messageId": str(recognised.event_id)}).encode()


def _require_allowed(record_map: RecordMap, message: dict[str, Any]) -> None:
    event_type = message.get("event", message["type"])
    # A list or an object has no place in a set.
    is_allowed = isinstance(event_type, str) and event_type in record_map.event_types
    if record_map.event_types and not is_allowed:
        raise _UnmappableError(f"event type {quoted(str(event_type))} is not in event_types")


def _identity(record_map: RecordMap, record: object) -> object:
    found = _attempt("id", lambda: record_map.id.search(record))
    if found is None or found == "":
        raise _UnmappableError(f"it has no id at `{record_map.id.text}`")
    return found


def _time(timestamp: Timestamp | None, record: object) -> datetime | None:
    if timestamp is None:
        return None
    found = _attempt("timestamp", lambda: timestamp.path.search(record))
    time: datetime = _attempt("timestamp", lambda: parse_as(timestamp.time_format, found))
    return time


def _attempt(name: str, find: Callable[[], Any]) -> Any:  # noqa: ANN401 -- whatever is found
    try:
        return find()
    except ValueError as error:
        raise _UnmappableError(f"{name}: {error}") from error


def _text(value: object) -> str:
    """Return JSON text that UTF-8 can encode, equal for equal values."""
    text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # Half a surrogate pair: the contract refuses it, spelled out.
        return json.dumps(value, separators=(",", ":"), sort_keys=True)
    return text


def _event_id(config: Config, identity: object) -> uuid.UUID:
    """Return a UUIDv5 (RFC 9562) of the source and what tells its records apart."""
    return uuid.uuid5(_NAMESPACE, f"{config.id}\n{_text(identity)}")
