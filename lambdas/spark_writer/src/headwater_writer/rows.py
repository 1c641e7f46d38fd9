"""A message becomes the rows of its tables. Pure: no clock, no network, no Spark."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from headwater_contract.messages import CONSENTS, MESSAGE_TYPES, id_text
from headwater_contract.stream_record import Entry, Envelope
from headwater_contract.times import parse_time
from headwater_writer.channel import channel_of
from headwater_writer.clock import event_time
from headwater_writer.ip_policy import IpPolicy, ip_by_policy
from headwater_writer.message import (
    Message,
    UnshapeableError,
    context_text,
    object_text,
    read,
    read_object,
)
from headwater_writer.page import parse_query, parse_url
from headwater_writer.tracking_plan.plan import NO_PLAN, TrackingPlan
from headwater_writer.tracking_plan.promotion import promoted
from headwater_writer.user_agent import parse_user_agent

Row = dict[str, Any]
"""A row by column name, without the columns that say where and when it was written.

Of a tracking plan's columns it has those of its event alone.
"""

_EVENT_TYPES = {"page": "page_view", "screen": "screen_view"}
_IDENTIFYING = frozenset({"identify", "alias"})
_INT_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Rules:
    """What the deployer decides about rows."""

    max_age: timedelta = timedelta(days=30)
    ip_policy: IpPolicy = "full"
    plan: TrackingPlan = NO_PLAN


@dataclass(frozen=True, slots=True)
class Shaped:
    """The rows of one message: always an event, and an identify where it joins two ids."""

    event: Row
    identify: Row | None = None


def shape(entry: Entry, envelope: Envelope, rules: Rules) -> Shaped:
    """Return the rows of an accepted message.

    Raises:
        UnshapeableError: the message is not what the contract or the tracking plan says; the text
            says how.
    """
    message_type = _known_type(entry.message_type)
    message = read(entry.body)
    context = read_object(message.context)
    common = _common(entry, envelope, rules, message, context)
    event = common | _who(message, context) | _what(message_type, message)
    event |= _where(_page(message_type, message, context), context, envelope)
    event |= _with(context, _visitor_agent(event["channel"], context, envelope))
    event["headers"] = _captured(envelope, event["event_type"])
    event |= promoted(rules.plan, event["event_type"], event["properties"])
    if message_type not in _IDENTIFYING:
        return Shaped(event)
    return Shaped(event, common | _identify(message))


def _known_type(message_type: str | None) -> str:
    if message_type not in MESSAGE_TYPES:
        raise UnshapeableError(f"the type {message_type!r:.40} is unknown")
    return message_type


def _common(
    entry: Entry, envelope: Envelope, rules: Rules, message: Message, context: Mapping[str, Any]
) -> Row:
    happened = _time(message.timestamp)
    when = event_time(happened, envelope.sent_at, envelope.received_at, rules.max_age)
    library = _object(context, "library")
    channel = channel_of(_text(context, "channel"), _text(library, "name"))
    return {
        "event_time": when.time,
        "event_id": entry.event_id,
        "message_type": entry.message_type,
        "app_id": envelope.app_id,
        "anonymous_id": id_text(message.anonymous_id),
        "client_event_time": happened,
        "client_sent_time": envelope.sent_at,
        "server_event_time": envelope.received_at,
        "time_source": when.source,
        "channel": channel,
        "ip_address": ip_by_policy(_ip(channel, context, envelope), rules.ip_policy),
        "user_agent": _user_agent(context, envelope),
        "library": "/".join(filter(None, (_text(library, "name"), _text(library, "version"))))
        or None,
        "consent": _one_of(CONSENTS, _text(context, "consent")),
        "context": context_text(entry.body, message, str(entry.message_type)),
    }


def _who(message: Message, context: Mapping[str, Any]) -> Row:
    known = id_text(message.user_id)
    return {
        "user_id": known or id_text(message.anonymous_id),
        "is_identified": known is not None,
        "group_id": id_text(message.group_id) or _text(context, "groupId"),
        "session_id": _text(context, "sessionId"),
        "session_number": _whole_number(context, "sessionNumber"),
        "page_view_id": _text(context, "pageViewId"),
    }


def _what(message_type: str, message: Message) -> Row:
    if message_type == "track":
        return {"event_type": message.event, "properties": object_text(message.properties)}
    has_properties = message_type in ("page", "screen")
    return {
        "event_type": _EVENT_TYPES.get(message_type, message_type),
        "properties": object_text(message.properties if has_properties else message.traits),
    }


def _page(message_type: str, message: Message, context: Mapping[str, Any]) -> Mapping[str, Any]:
    # Segment's page call describes the page in its properties; its browser client in both.
    page = _object(context, "page")
    return read_object(message.properties) if message_type == "page" and not page else page


def _where(page: Mapping[str, Any], context: Mapping[str, Any], envelope: Envelope) -> Row:
    campaign = _object(context, "campaign")
    url = parse_url(_text(page, "url") or "")
    search = (_text(page, "search") or "").removeprefix("?") or url.query
    query = parse_query(search or "")
    referrer = _text(page, "referrer")
    return {
        "host": url.host,
        "path": _text(page, "path") or url.path,
        "url_query": search,
        "page_title": _text(page, "title"),
        "referrer": referrer,
        "referrer_host": parse_url(referrer or "").host,
        "utm_source": _text(campaign, "source") or query.utm.get("utm_source"),
        "utm_medium": _text(campaign, "medium") or query.utm.get("utm_medium"),
        "utm_campaign": _text(campaign, "name") or query.utm.get("utm_campaign"),
        "utm_term": _text(campaign, "term") or query.utm.get("utm_term"),
        "utm_content": _text(campaign, "content") or query.utm.get("utm_content"),
        "click_ids": query.click_ids or None,
        "country": envelope.country,
        "city": envelope.city,
    }


def _with(context: Mapping[str, Any], visitor_agent: str | None) -> Row:
    client = parse_user_agent(visitor_agent or "")
    return {
        "browser": client.browser,
        "os": client.os,
        "device_type": client.device_type,
        "is_bot": client.is_bot,
        "locale": _text(context, "locale"),
        "timezone": _text(context, "timezone"),
        "screen": _screen(_object(context, "screen")),
    }


def _visitor_agent(channel: str, context: Mapping[str, Any], envelope: Envelope) -> str | None:
    # Except from a browser, the request's own agent is an HTTP library, which every list of
    # crawlers holds.
    own = envelope.user_agent if channel == "browser" else None
    return _text(context, "userAgent") or own


def _identify(message: Message) -> Row:
    anonymous = id_text(message.anonymous_id)
    return {
        "prev_user_id": id_text(message.previous_id) or anonymous,
        "new_user_id": id_text(message.user_id) or anonymous,
        "traits": object_text(message.traits),
    }


def _captured(envelope: Envelope, event_type: str) -> Mapping[str, str] | None:
    # A type that the deployer chose headers for keeps to them, even where none of them came.
    headers = envelope.headers
    return (headers[event_type] if event_type in headers else headers.get("*")) or None


def _ip(channel: str, context: Mapping[str, Any], envelope: Envelope) -> str | None:
    # A server speaks for its user; a browser's own word on its address is worth nothing.
    declared = _text(context, "ip") if channel != "browser" else None
    return declared or envelope.ip


def _user_agent(context: Mapping[str, Any], envelope: Envelope) -> str | None:
    return _text(context, "userAgent") or envelope.user_agent


def _screen(screen: Mapping[str, Any]) -> str | None:
    width, height = _whole_number(screen, "width"), _whole_number(screen, "height")
    return f"{width}x{height}" if width and height else None


def _time(text: str | None) -> datetime | None:
    try:
        return parse_time(text) if text else None
    except ValueError as error:
        raise UnshapeableError(f"timestamp {error}") from error


def _text(container: Mapping[str, Any], name: str) -> str | None:
    value = container.get(name)
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _one_of(values: Collection[str], value: str | None) -> str | None:
    return value if value in values else None


def _whole_number(container: Mapping[str, Any], name: str) -> int | None:
    value = container.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > _INT_MAX:
        return None
    return int(value)


def _object(container: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = container.get(name)
    return value if isinstance(value, dict) else {}
