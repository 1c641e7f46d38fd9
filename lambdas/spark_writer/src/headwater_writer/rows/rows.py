"""A message becomes the rows of its tables. Pure: no clock, no network, no Spark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import msgspec

from headwater_contract.client_times import ClientTimes, client_times, event_time
from headwater_contract.context import Context, Library, Page, Screen, read_context
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.event import event_type_of, page_of, properties_of
from headwater_contract.fields import CONSENTS, MESSAGE_TYPES
from headwater_contract.ip_policy import IpPolicy, ip_by_policy
from headwater_contract.limits import DEFAULT_MAX_AGE
from headwater_contract.message import Message, id_text, object_text
from headwater_contract.page_url import parse_query, parse_url, plain_query
from headwater_contract.redaction import envelope_by_policy, object_by_policy
from headwater_contract.rules import CANNOT_BE_READ
from headwater_contract.shared_objects import merged
from headwater_contract.tables import IDENTIFIES
from headwater_contract.undecodable import UndecodableMessageError
from headwater_writer.rows.channel import channel_of
from headwater_writer.rows.device import device_type_of, os_of
from headwater_writer.rows.locale import language_tag
from headwater_writer.rows.message import (
    UnshapeableError,
    others_text,
    read,
    with_integrations,
    with_others,
)
from headwater_writer.rows.promotion import promoted
from headwater_writer.rows.unread import unread
from headwater_writer.rows.user_agent import Client, parse_user_agent
from headwater_writer.tracking_plan.plan import NO_PLAN, TrackingPlan

Row = dict[str, Any]
"""A row by column name, without the columns for its position and load time.

It has only those of a tracking plan's columns that are its event's.
"""

_IDENTIFYING = frozenset({"identify", "alias"})
_IDENTIFIES = frozenset(column.name for column in IDENTIFIES.columns)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the deployer decides about rows."""

    max_age: timedelta = DEFAULT_MAX_AGE
    ip_policy: IpPolicy = "full"
    plan: TrackingPlan = NO_PLAN


class Shaped(msgspec.Struct, frozen=True, gc=False):
    """The rows of one message: always an event, and an identify if it joins two ids.

    ``unread`` names the fields of the context that hold something, from which no column could be
    filled.
    """

    event: Row
    identify: Row | None = None
    unread: Sequence[str] = ()


class _Sent(msgspec.Struct, frozen=True, gc=False):
    """The content of a message: decoded, and as text, by the policy."""

    type: str
    message: Message
    context: Context
    misfits: Sequence[str]
    page: Page
    times: ClientTimes
    context_text: str | None
    properties_text: str | None


def shape(entry: Entry, envelope: Envelope, rules: Rules) -> Shaped:
    """Return the rows of an accepted message.

    Raises:
        UnshapeableError: the message violates the contract or the tracking plan; the text says how.
    """
    try:
        sent = _read(entry, envelope, rules.ip_policy)
    except UndecodableMessageError as error:
        raise UnshapeableError(f"{CANNOT_BE_READ}: {error}") from error
    visitor = envelope_by_policy(_of_visitor(envelope), rules.ip_policy)
    event = _event(sent, entry, visitor, rules)
    event |= promoted(rules.plan, event["event_type"], event["properties"])
    identify = _identify(sent, event) if sent.type in _IDENTIFYING else None
    return Shaped(event, identify, unread(sent.context, sent.page, sent.misfits, event))


def _read(entry: Entry, envelope: Envelope, policy: IpPolicy) -> _Sent:
    message_type = _known_type(entry.message_type)
    message = read(entry.body, message_type)
    context_text = merged(object_text("context", message.context), envelope.context)
    context, misfits = read_context(context_text)
    others = with_integrations(
        others_text(entry.body, message, message_type), envelope.integrations
    )
    properties = properties_of(message_type, message, context_text)
    return _Sent(
        type=message_type,
        message=message,
        context=context,
        misfits=misfits,
        page=page_of(message_type, context.page, context_text, properties),
        times=_times(message, envelope, context.library),
        context_text=with_others(
            object_by_policy(context_text, policy), object_by_policy(others, policy)
        ),
        properties_text=properties,
    )


def _known_type(message_type: str | None) -> str:
    if message_type not in MESSAGE_TYPES:
        raise UnshapeableError(f"the type {message_type!r:.40} is unknown")
    return message_type


def _event(sent: _Sent, entry: Entry, envelope: Envelope, rules: Rules) -> Row:
    """Return an event's row: a line for each column."""
    message, context, page = sent.message, sent.context, sent.page
    max_age = None if envelope.is_import else rules.max_age
    when = event_time(sent.times, envelope.received_at, max_age)
    event_type = event_type_of(sent.type, message)
    channel = _channel(context, envelope)
    client = parse_user_agent(_visitor_agent(channel, context, envelope) or "")
    url = parse_url(page.url or "")
    search = plain_query((page.search or "").removeprefix("?")) or url.query
    query = parse_query(search or "")
    campaign, utm = context.campaign, query.utm
    known, anonymous = id_text(message.user_id), id_text(message.anonymous_id)
    return {
        "event_time": when.time,
        "event_id": entry.event_id,
        "event_type": event_type,
        "message_type": sent.type,
        "app_id": envelope.app_id,
        "user_id": known or anonymous,
        "anonymous_id": anonymous,
        "is_identified": known is not None,
        "group_id": id_text(message.group_id) or context.group_id or None,
        "session_id": context.session_id or None,
        "session_number": context.session_number,
        "page_view_id": context.page_view_id or None,
        "client_event_time": sent.times.happened,
        "client_sent_time": sent.times.sent,
        "server_event_time": envelope.received_at,
        "time_source": when.source,
        "channel": channel,
        "ip_address": ip_by_policy(_ip(channel, sent, envelope), rules.ip_policy),
        "user_agent": context.user_agent or envelope.user_agent,
        "browser": client.browser,
        "os": client.os or os_of(context.os),
        "device_type": _device_type(client, context),
        "is_bot": client.is_bot,
        "host": url.host,
        "path": page.path or url.path,
        "url_query": search,
        "page_title": page.title or None,
        "referrer": page.referrer or None,
        "referrer_host": parse_url(page.referrer or "").host,
        "utm_source": campaign.source or utm.get("utm_source"),
        "utm_medium": campaign.medium or utm.get("utm_medium"),
        "utm_campaign": campaign.name or utm.get("utm_campaign"),
        "utm_term": campaign.term or utm.get("utm_term"),
        "utm_content": campaign.content or utm.get("utm_content"),
        "click_ids": {**query.click_ids, **campaign.click_ids} or None,
        "country": envelope.country,
        "city": envelope.city,
        "locale": language_tag(context.locale) if context.locale else None,
        "timezone": context.timezone or None,
        "screen": _size(context.screen),
        "library": _name(context.library),
        "consent": _consent(context, envelope),
        "headers": _captured(envelope, event_type),
        "properties": sent.properties_text,
        "context": sent.context_text,
    }


def _identify(sent: _Sent, event: Row) -> Row:
    """Return the row that joins two ids: the columns of its event, and its own."""
    message = sent.message
    anonymous = id_text(message.anonymous_id)
    return {name: value for name, value in event.items() if name in _IDENTIFIES} | {
        "prev_user_id": id_text(message.previous_id) or anonymous,
        "new_user_id": id_text(message.user_id) or anonymous,
        "traits": sent.properties_text,
    }


def _of_visitor(envelope: Envelope) -> Envelope:
    """Return an envelope without what is merged already, or says of a program that imports."""
    if envelope.is_import:
        return replace(envelope, context=None, ip=None, user_agent=None, country=None, city=None)
    return replace(envelope, context=None) if envelope.context else envelope


def _channel(context: Context, envelope: Envelope) -> str:
    declared = context.channel or ("import" if envelope.is_import else None)
    return channel_of(declared, context.library.name, context.device.type)


def _consent(context: Context, envelope: Envelope) -> str | None:
    # The browser's own word counts before that of the page.
    said = "gpc" if envelope.gpc else context.consent
    return said if said in CONSENTS else None


def _visitor_agent(channel: str, context: Context, envelope: Envelope) -> str | None:
    # Except from a browser, the request's own agent is an HTTP library, which every list of
    # crawlers contains.
    own = envelope.user_agent if channel == "browser" else None
    return context.user_agent or own


def _device_type(client: Client, context: Context) -> str | None:
    if client.device_type and client.device_type != "other":
        return client.device_type
    return device_type_of(context.device, context.os) or client.device_type


def _captured(envelope: Envelope, event_type: str | None) -> Mapping[str, str] | None:
    # A type for which the deployer chose headers gets only those, even if none of them was sent.
    headers = envelope.headers
    own = None if event_type is None else headers.get(event_type)
    return (headers.get("*") if own is None else own) or None


def _ip(channel: str, sent: _Sent, envelope: Envelope) -> str | None:
    # A server sends its user's address; an address that a browser sends is not to be trusted.
    if channel == "browser":
        return envelope.ip
    # If what it sends cannot be read, the server's own is not taken instead.
    return None if "ip" in sent.misfits else sent.context.ip or envelope.ip


def _name(library: Library) -> str | None:
    if library.name and library.version:
        return f"{library.name}/{library.version}"
    return library.name or library.version or None


def _size(screen: Screen) -> str | None:
    width, height = screen.width, screen.height
    return f"{width}x{height}" if width and height else None


def _times(message: Message, envelope: Envelope, library: Library) -> ClientTimes:
    try:
        return client_times(message, envelope.sent_at, library.name, is_import=envelope.is_import)
    except ValueError as error:
        raise UnshapeableError(str(error)) from error
