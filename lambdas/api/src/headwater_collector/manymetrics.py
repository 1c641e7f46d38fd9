"""ManyMetrics' own two calls, translated to the messages that everything else reads.

Its bodies are flat. ``user_id`` is made up by its SDK for each browser until ``identify`` names the
user, and is that name from then on. Any key that is not listed here is a property, or a trait.
"""

import re
from dataclasses import replace
from typing import Any, Final

import msgspec

from headwater_collector.flat import iso_8601, present, rest
from headwater_collector.validation import Validation, refuse, validate
from headwater_contract.envelope import Entry
from headwater_contract.message import id_text
from headwater_contract.undecodable import UndecodableMessageError, decode_as

_MADE_UP: Final = re.compile(r"(?=\d*[a-z])[0-9a-z]{9}", re.ASCII)
"""What its SDK makes up: nine digits of a random number to the base 36. One in 100,000 of these are
plain digits, and any other nine digits are somebody's number."""


class _Common(msgspec.Struct):
    event_id: str | int | None = None
    user_id: str | int | None = None
    session_id: str | int | None = None
    client_event_time: str | None = None
    timestamp: str | int | float | None = None
    user_agent: str | None = None
    path: str | None = None
    host: str | None = None
    url: str | None = None
    referrer: str | None = None


class _Track(_Common):
    event_type: str | None = None


class _Identify(_Common):
    prev_user_id: str | int | None = None
    new_user_id: str | int | None = None


_TRACK: Final = msgspec.json.Decoder(_Track)
_IDENTIFY: Final = msgspec.json.Decoder(_Identify)


def validate_track(text: bytes) -> Validation:
    """Validate the body of ``POST /track``."""
    try:
        call = decode_as(_TRACK.decode, text)
    except UndecodableMessageError as error:
        return refuse(text, f"the event cannot be read: {error}")
    if not call.event_type:
        return refuse(text, "event_type is missing: send the event's name")
    user_id = id_text(call.user_id)
    if user_id is None:
        return refuse(text, "user_id is missing: send the visitor's id")
    own = {
        "type": "track",
        "event": call.event_type,
        "anonymousId" if _MADE_UP.fullmatch(user_id) else "userId": call.user_id,
        "properties": rest(text, call.__struct_fields__),
    }
    return _validate_translation(text, call, own)


def validate_identify(text: bytes) -> Validation:
    """Validate the body of ``POST /identify``."""
    try:
        call = decode_as(_IDENTIFY.decode, text)
    except UndecodableMessageError as error:
        return refuse(text, f"the call cannot be read: {error}")
    new_user_id = id_text(call.new_user_id) or id_text(call.user_id)
    if new_user_id is None:
        return refuse(text, "new_user_id and user_id are both missing: send one of them")
    own = {
        "type": "identify",
        "anonymousId": call.prev_user_id,
        "userId": new_user_id,
        "traits": rest(text, call.__struct_fields__),
    }
    return _validate_translation(text, call, own)


def _validate_translation(text: bytes, call: _Common, own: dict[str, Any]) -> Validation:
    try:
        shared = {
            "messageId": call.event_id,
            "timestamp": call.client_event_time or iso_8601(call.timestamp),
            "context": _context(call),
        }
    except ValueError as error:
        return refuse(text, f"timestamp {error}")
    validation = validate(msgspec.json.encode(present(own | shared)))
    if validation.refusal is None:
        return validation
    # The client knows its own name of the field, and its own bytes are what is kept.
    name = "client_event_time" if call.client_event_time else "timestamp"
    reason = validation.refusal.replace("timestamp", name, 1)
    return replace(validation, entry=Entry(text, refusal=reason))


def _context(call: _Common) -> dict[str, Any]:
    of_host = f"https://{call.host}{call.path or '/'}" if call.host else None
    page = {"path": call.path, "referrer": call.referrer, "url": call.url or of_host}
    context = {
        "library": {"name": "manymetrics"},
        "channel": "browser",
        "sessionId": call.session_id,
        "userAgent": call.user_agent,
        "page": present(page) or None,
    }
    return present(context)
