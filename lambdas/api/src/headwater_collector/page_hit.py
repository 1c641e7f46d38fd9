"""A page hit as a flat body, ``{"pagePath": …, "timestamp": …}``, translated to a page call.

Tutorials on web analytics on AWS use it: a page, or the server behind it, posts one for each load,
and a table in DynamoDB has them by path and time. Any key that is not listed here is a property.
"""

from dataclasses import replace
from typing import Any, Final

import msgspec
import uuid_utils

from headwater_collector.flat import iso_8601, present, rest
from headwater_collector.validation import Validation, refuse, validate
from headwater_contract.envelope import Entry
from headwater_contract.message import id_text
from headwater_contract.undecodable import UndecodableMessageError, decode_as


class _Hit(msgspec.Struct, rename="camel"):
    page_path: str | None = None
    timestamp: str | int | float | None = None
    message_id: str | int | None = None
    user_id: str | int | None = None
    anonymous_id: str | int | None = None
    url: str | None = None
    title: str | None = None
    referrer: str | None = None
    user_agent: str | None = None


_DECODER: Final = msgspec.json.Decoder(_Hit)
_NAMES: Final = frozenset(field.encode_name for field in msgspec.structs.fields(_Hit))


def validate_hit(text: bytes) -> Validation:
    """Validate the body of ``POST /v1/history``."""
    try:
        hit = decode_as(_DECODER.decode, text)
    except UndecodableMessageError as error:
        return refuse(text, f"the page hit cannot be read: {error}")
    if not hit.page_path:
        return refuse(text, "pagePath is missing: send the page's path")
    try:
        validation = validate(msgspec.json.encode(_page_call(text, hit)))
    except ValueError as error:
        return refuse(text, f"timestamp {error}")
    if validation.refusal is None:
        return validation
    return replace(validation, entry=Entry(text, refusal=validation.refusal))


def _page_call(text: bytes, hit: _Hit) -> dict[str, Any]:
    page = present({"path": hit.page_path, "url": hit.url, "title": hit.title})
    about = present({"referrer": hit.referrer})
    call = {
        "type": "page",
        "messageId": hit.message_id,
        "timestamp": iso_8601(hit.timestamp),
        "userId": hit.user_id,
        "anonymousId": hit.anonymous_id or _nobody(hit),
        "properties": {**page, **about, **(rest(text, _NAMES) or {})},
        "context": present({"userAgent": hit.user_agent}) or None,
    }
    return present(call)


def _nobody(hit: _Hit) -> str | None:
    """Return an id for a hit that names no visitor, so that it counts as its own."""
    return None if id_text(hit.user_id) else str(uuid_utils.uuid7())
