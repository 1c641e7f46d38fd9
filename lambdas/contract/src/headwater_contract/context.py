"""The fields of a message's context that reach columns."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Annotated, Any, Final, TypeAlias, TypeVar

import msgspec

from headwater_contract.fields import CLICK_IDS
from headwater_contract.message import ABSENT, decode_members, object_text, object_violation
from headwater_contract.undecodable import UNDECODABLE

INT_MAX: Final = 2**31 - 1

_DIGITS: Final = re.compile(r"\d{1,10}", re.ASCII)

Text: TypeAlias = str | None
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=-INT_MAX, le=INT_MAX)] | None
Kind = TypeVar("Kind", bound=msgspec.Struct)


class Campaign(msgspec.Struct, frozen=True, gc=False):
    """What brought the visitor, by UTM parameters and the click ids of advertising networks."""

    name: Text = None
    source: Text = None
    medium: Text = None
    term: Text = None
    content: Text = None
    dclid: Text = None
    fbclid: Text = None
    gbraid: Text = None
    gclid: Text = None
    igshid: Text = None
    li_fat_id: Text = None
    msclkid: Text = None
    rdt_cid: Text = None
    sccid: Text = None
    ttclid: Text = None
    twclid: Text = None
    wbraid: Text = None
    yclid: Text = None

    @property
    def click_ids(self) -> dict[str, str]:
        """The click ids that are there, by the names of their parameters."""
        return {name: value for name in CLICK_IDS if (value := getattr(self, name))}


class Library(msgspec.Struct, frozen=True, gc=False):
    """The client that sent the message."""

    name: Text = None
    version: Text = None


class Os(msgspec.Struct, frozen=True, gc=False):
    """The operating system that an app runs on."""

    name: Text = None


class Device(msgspec.Struct, frozen=True, gc=False):
    """The device that an app runs on."""

    type: Text = None
    model: Text = None
    name: Text = None


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
    device: Device = Device()
    library: Library = Library()
    os: Os = Os()
    page: Page = Page()
    screen: Screen = Screen()


_decode_context = msgspec.json.Decoder(Context).decode
_decode_page = msgspec.json.Decoder(Page).decode
_decode_any = msgspec.json.Decoder().decode

_NO_CONTEXT: Final = Context()
_NO_PAGE: Final = Page()


def read_context(text: str | None) -> tuple[Context, Sequence[str]]:
    """Return the fields of a context, given as an object's JSON text or None.

    A field of the wrong type is ignored, except that a whole number counts as text and digits as a
    number, and of a number with a fraction the whole part is read. The names of the ignored ones
    are returned too.
    """
    if text is None:
        return _NO_CONTEXT, ()
    try:
        return _decode_context(text), ()
    except UNDECODABLE:
        misfits: list[str] = []
        return _what_fits(Context, misfits, text), misfits


def read_page(text: str | None) -> Page:
    """Return the page that an object, as JSON text or None, describes, read as a context is."""
    if text is None:
        return _NO_PAGE
    try:
        return _decode_page(text)
    except UNDECODABLE:
        return _what_fits(Page, [], text)


def has_page(text: str | None) -> bool:
    """Return whether a context, given as JSON text or None, has a page that is not empty."""
    return bool(_members(_members(text or "{}").get("page", ABSENT)))


def traits_in(text: str | None) -> str | None:
    """Return the JSON text of the traits in a context, given as JSON text or None."""
    traits = _members(text or "{}").get("traits", ABSENT)
    return None if object_violation("traits", traits) else object_text("traits", traits)


def _what_fits(kind: type[Kind], misfits: list[str], text: str | msgspec.Raw) -> Kind:
    sent = {key: raw for key, raw in _members(text).items() if raw != ABSENT}
    fits = [(name, key, fit) for name, key, fit in _fits(kind) if key in sent]
    values = {name: fit(misfits, sent[key]) for name, key, fit in fits}
    misfits += [key for name, key, _ in fits if values[name] is None]
    return kind(**{name: value for name, value in values.items() if value is not None})


def _nested(kind: type[Kind], misfits: list[str], raw: msgspec.Raw) -> Kind | None:
    return None if object_violation("", raw) else _what_fits(kind, misfits, raw)


@cache
def _fits(kind: type[msgspec.Struct]) -> list[tuple[str, str, Callable[..., object]]]:
    """Return for each field its name, its key in JSON, and what reads as much of it as fits."""
    by_type = {Text: _text, Number: _number}
    return [
        (field.name, field.encode_name, by_type.get(field.type) or partial(_nested, field.type))
        for field in msgspec.structs.fields(kind)
    ]


def _members(text: str | msgspec.Raw) -> Mapping[str, msgspec.Raw]:
    try:
        return decode_members(text)
    except UNDECODABLE:
        return {}  # It is not an object.


def _text(_misfits: list[str], raw: msgspec.Raw) -> Text:
    value = _value(raw)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _number(_misfits: list[str], raw: msgspec.Raw) -> int | None:
    value = _value(raw)
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > INT_MAX:
        return None
    return int(value)


def _value(raw: msgspec.Raw) -> Any:  # noqa: ANN401 -- whatever a client sends
    try:
        return _decode_any(raw)
    except UNDECODABLE:
        return None  # Valid JSON that no number of ours holds, like 1e400.
