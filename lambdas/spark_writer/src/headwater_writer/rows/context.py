"""The fields of a message's context that reach columns."""

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Annotated, Any, Final, TypeAlias, TypeVar

import msgspec

from headwater_contract.messages import CHANNELS
from headwater_writer.rows.message import UNDECODABLE

INT_MAX: Final = 2**31 - 1

Text: TypeAlias = str | None
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=-INT_MAX, le=INT_MAX)] | None
Kind = TypeVar("Kind", bound=msgspec.Struct)


class Campaign(msgspec.Struct, frozen=True, gc=False):
    """What brought the visitor, by UTM parameters."""

    name: Text = None
    source: Text = None
    medium: Text = None
    term: Text = None
    content: Text = None


class Library(msgspec.Struct, frozen=True, gc=False):
    """The client that sent the message."""

    name: Text = None
    version: Text = None


class Page(msgspec.Struct, frozen=True, gc=False):
    """The page that the visitor was on."""

    path: Text = None
    referrer: Text = None
    search: Text = None
    title: Text = None
    url: Text = None


class Screen(msgspec.Struct, frozen=True, gc=False):
    """The display, in CSS pixels."""

    width: Number = None
    height: Number = None


class Context(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """The fields of a context that are read; the rest is only kept."""

    channel: Text = None
    consent: Text = None
    group_id: Text = None
    ip: Text = None
    locale: Text = None
    page_view_id: Text = None
    session_id: Text = None
    session_number: Number = None
    timezone: Text = None
    user_agent: Text = None
    campaign: Campaign = Campaign()
    library: Library = Library()
    page: Page = Page()
    screen: Screen = Screen()


_decode_context = msgspec.json.Decoder(Context).decode
_decode_page = msgspec.json.Decoder(Page).decode
_decode_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_any = msgspec.json.Decoder().decode

_NO_CONTEXT: Final = Context()
_NO_PAGE: Final = Page()


def read_context(text: str | None) -> Context:
    """Return the fields of a context, given as an object's JSON text or None.

    A field of the wrong type is ignored, except that a whole number counts as text, and of a number
    with a fraction the whole part is read.
    """
    if text is None:
        return _NO_CONTEXT
    try:
        return _decode_context(text)
    except UNDECODABLE:
        return _what_fits(Context, text)


def read_page(text: str | None) -> Page:
    """Return the page that an object, as JSON text or None, describes, read as a context is."""
    if text is None:
        return _NO_PAGE
    try:
        return _decode_page(text)
    except UNDECODABLE:
        return _what_fits(Page, text)


def has_page(text: str | None) -> bool:
    """Return whether a context, given as JSON text or None, has a page that is not empty."""
    return bool(_members(_members(text or "{}").get("page", _NULL)))


_NULL: Final = msgspec.Raw(b"null")


def _what_fits(kind: type[Kind], text: str | msgspec.Raw) -> Kind:
    sent = _members(text)
    return kind(**{name: fit(sent[key]) for name, key, fit in _fits(kind) if key in sent})


@cache
def _fits(kind: type[msgspec.Struct]) -> list[tuple[str, str, Callable[[msgspec.Raw], object]]]:
    """Return for each field its name, its key in JSON, and what reads as much of it as fits."""
    by_type = {Text: _text, Number: _number}
    return [
        (field.name, field.encode_name, by_type.get(field.type) or partial(_what_fits, field.type))
        for field in msgspec.structs.fields(kind)
    ]


def _members(text: str | msgspec.Raw) -> Mapping[str, msgspec.Raw]:
    try:
        return _decode_members(text)
    except UNDECODABLE:
        return {}  # It is not an object.


def _text(raw: msgspec.Raw) -> Text:
    value = _value(raw)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _number(raw: msgspec.Raw) -> int | None:
    value = _value(raw)
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > INT_MAX:
        return None
    return int(value)


def _value(raw: msgspec.Raw) -> Any:  # noqa: ANN401 -- whatever a client sends
    try:
        return _decode_any(raw)
    except UNDECODABLE:
        return None  # Valid JSON, but a number that is too large, such as 1e400.


_CHANNELS = frozenset(CHANNELS)
_BROWSER_LIBRARIES = frozenset(
    {"headwater.js", "analytics.js", "web", "@segment/analytics-next", "manymetrics"}
)
_MOBILE_LIBRARY = re.compile("ios|android|kotlin|swift|react-native|flutter", re.IGNORECASE)


def channel_of(declared: str | None, library: str | None) -> str:
    """Return the channel that a client declares, or else the one that its library is used in."""
    if declared in _CHANNELS:
        return str(declared)
    if library in _BROWSER_LIBRARIES:
        return "browser"
    return "mobile" if library and _MOBILE_LIBRARY.search(library) else "server"
