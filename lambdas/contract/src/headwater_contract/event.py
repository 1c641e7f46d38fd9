"""The event that a message describes, as rows and sinks have it."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from headwater_contract.accept import Refused, accept
from headwater_contract.client_times import client_times, event_time
from headwater_contract.context import Page, has_page, read_context, read_page, traits_in
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.message import Message, id_text, object_text
from headwater_contract.page_url import parse_url
from headwater_contract.rules import CANNOT_BE_READ
from headwater_contract.shared_objects import merged
from headwater_contract.undecodable import UndecodableMessageError

_EVENT_TYPES: Final = {"page": "page_view", "screen": "screen_view"}
_WITH_TRAITS: Final = frozenset({"identify", "group", "alias"})


class Event(msgspec.Struct, frozen=True, gc=False):
    """An event; each field is the column of ``events`` that has its name.

    ``properties`` is an object's JSON text. Columns that the deployer's policies change, such as
    the address, are not here.
    """

    event_id: str
    event_type: str
    event_time: datetime
    app_id: str
    user_id: str | None = None
    anonymous_id: str | None = None
    session_id: str | None = None
    host: str | None = None
    path: str | None = None
    page_title: str | None = None
    referrer: str | None = None
    properties: str | None = None


def read_event(entry: Entry, envelope: Envelope, max_age: timedelta) -> Event | Refused:
    """Return the event of a message that the collector accepted, or why there is none.

    ``max_age`` is how old an event may be that is not an import; an older one gets the time of its
    arrival.
    """
    verdict = accept(entry.body, entry.message_type)
    if isinstance(verdict, Refused):
        return verdict
    try:
        return _event(verdict.message_type, verdict.message, entry, envelope, max_age)
    except UndecodableMessageError as error:
        return Refused(f"{CANNOT_BE_READ}: {error}")


def event_type_of(message_type: str, message: Message) -> str | None:
    """Return an event's type: a track call's own name, or what its message type is called."""
    if message_type == "track":
        return message.event
    return _EVENT_TYPES.get(message_type, message_type)


def properties_of(message_type: str, message: Message, context: str | None) -> str | None:
    """Return the JSON text of a message's properties, or traits; ``context`` is JSON text.

    Raises:
        UndecodableMessageError: they are not an object.
    """
    if message_type not in _WITH_TRAITS:
        return object_text("properties", message.properties)
    own = object_text("traits", message.traits)
    # RudderStack's clients put an identify call's traits into its context alone. In any other
    # call's context they are the user's.
    return own or (traits_in(context) if message_type == "identify" else None)


def page_of(message_type: str, page: Page, context: str | None, properties: str | None) -> Page:
    """Return the page that a message is about; ``page`` is its context's."""
    # Segment's page call describes the page in its properties; its browser client in both.
    if message_type != "page" or has_page(context):
        return page
    return read_page(properties)


def _event(
    message_type: str, message: Message, entry: Entry, envelope: Envelope, max_age: timedelta
) -> Event:
    context_text = merged(object_text("context", message.context), envelope.context)
    context, _ = read_context(context_text)
    properties = properties_of(message_type, message, context_text)
    page = page_of(message_type, context.page, context_text, properties)
    url = parse_url(page.url or "")
    is_import = envelope.is_import
    times = client_times(message, envelope.sent_at, context.library.name, is_import=is_import)
    when = event_time(times, envelope.received_at, None if is_import else max_age)
    anonymous = id_text(message.anonymous_id)
    return Event(
        event_id=entry.event_id or "",
        event_type=event_type_of(message_type, message) or "",
        event_time=when.time,
        app_id=envelope.app_id,
        user_id=id_text(message.user_id) or anonymous,
        anonymous_id=anonymous,
        session_id=context.session_id or None,
        host=url.host,
        path=page.path or url.path,
        page_title=page.title or None,
        referrer=page.referrer or None,
        properties=properties,
    )
