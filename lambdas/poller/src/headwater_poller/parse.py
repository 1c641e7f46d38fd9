"""A config, parsed from its text, or the list of everything that is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, cast
from urllib.parse import parse_qsl, urlsplit

from headwater_contract.fields import MESSAGE_FIELDS
from headwater_contract.limits import MAX_ENVELOPE_CHARACTERS
from headwater_contract.quoting import quoted
from headwater_documents.document import Problems, read
from headwater_poller.config import (
    MAX_PAGE_BYTES,
    Auth,
    BasicAuth,
    BearerAuth,
    Config,
    CursorPages,
    Expression,
    HeaderAuth,
    Incremental,
    Limits,
    LinkPages,
    NumberedPages,
    OffsetPages,
    Pages,
    QueryAuth,
    RecordMap,
    SavedCursor,
    Timestamp,
    TimeWindow,
    UrlPages,
)
from headwater_poller.headers import is_header_name, is_header_value
from headwater_poller.section import Section
from headwater_poller.times import TIME_FORMATS, TimeFormat

MAPPED_FIELDS: Final = tuple(
    each.name
    for each in MESSAGE_FIELDS
    if each.name not in {"messageId", "timestamp", "originalTimestamp", "sentAt", "receivedAt"}
)
"""The fields of a message that a config may map, besides ``id`` and ``timestamp``."""

TOP_KEYS: Final = (
    *("version", "id", "url", "app_id", "params", "headers", "auth", "records", "pages"),
    *("incremental", "map", "event_types", "every", "import", "limits"),
)
_AUTH: Final[Mapping[str, Sequence[str]]] = {
    "none": (),
    "header": ("name", "value"),
    "basic": ("user", "password"),
    "bearer": ("token",),
    "query": ("name", "value"),
}
_PAGES: Final[Mapping[str, Sequence[str]]] = {
    "none": (),
    "link": (),
    "page": ("param", "first"),
    "offset": ("param",),
    "cursor": ("param", "next"),
    "next_url": ("next",),
}
_INCREMENTAL: Final[Mapping[str, Sequence[str]]] = {
    "none": (),
    "time": ("since", "until", "format", "start", "overlap", "step"),
    "cursor": ("param", "next"),
}
_LIMITS: Final = ("requests_per_second", "timeout", "attempts", "longest_wait", "page_bytes")
_SECRET_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}", re.ASCII)
_CHECKED_URL: Final = re.compile(r"https?://[^\s/?#@]+[^\s#]*")


def parse(text: bytes) -> Config:
    """Return the config that a YAML text holds.

    Raises:
        DocumentError: it is not one; the text lists all that is wrong, by line.
    """
    problems = Problems()
    config = _config(Section.of(read(text), "the config", TOP_KEYS, problems))
    problems.raise_any()
    return config


def _config(top: Section) -> Config:
    _require_version(top)
    source = _id(top)
    pages, incremental = _pages(top), _incremental(top)
    _require_one_walk(top, pages, incremental)
    record_map = _record_map(top)
    if isinstance(incremental, TimeWindow) and record_map.timestamp is None:
        top.complain("incremental", "incremental.type is `time`: give map.timestamp as well")
    return Config(
        id=source,
        url=_url(top),
        records=top.expression("records", "data"),
        record_map=record_map,
        app_id=(top.optional("app_id", "website") or source)[:MAX_ENVELOPE_CHARACTERS],
        params=tuple(top.texts("params").items()),
        headers=_headers(top),
        auth=_auth(top),
        pages=pages,
        incremental=incremental,
        every=top.duration("every", timedelta(minutes=1)),
        is_import=top.flag("import"),
        limits=_limits(top),
    )


def _require_version(top: Section) -> None:
    if top.text("version", "1") not in {"1", ""}:
        top.complain("version", f"version is {top.values['version'].shown}: this poller reads 1")


def _id(top: Section) -> str:
    source = top.text("id", "weblogs")
    if source and not _ID.fullmatch(source):
        top.complain(
            "id",
            f"id is {top.values['id'].shown}: give lower-case letters, digits, hyphens and "
            "underscores, at most 63",
        )
    return source


def _url(top: Section) -> str:
    url = top.text("url", "https://api.example.com/v1/events")
    if not url:
        return url
    if not _CHECKED_URL.fullmatch(url) or not _has_host(url):
        # Not quoted: it may hold a password.
        sentence = "url is not an http or https address without user and fragment: correct it"
        top.complain("url", sentence)
    elif parse_qsl(urlsplit(url).query):
        top.complain("url", "url has a query: give its parameters below `params`")
    return url


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        return False


def _headers(top: Section) -> Mapping[str, str]:
    headers = top.texts("headers")
    for name in headers:
        if name.lower() in _SECRET_HEADERS:
            top.complain("headers", f"headers.{name} holds a secret: declare it below `auth`")
        _require_header_name(top, "headers", name)
        if not is_header_value(headers[name]):
            top.complain(
                "headers",
                f"headers.{name} is not one line of printable Latin-1, which is all that a header "
                "can carry: correct it",
            )
    return headers


def _require_header_name(section: Section, key: str, name: str) -> None:
    if name and not is_header_name(name):
        section.complain(
            key,
            f"{quoted(name)} cannot be the name of a header: give letters, digits and hyphens",
        )


def _auth(top: Section) -> Auth:
    section, kind = _typed(top, "auth", _AUTH)
    match kind:
        case "header":
            name = section.text("name", "X-Api-Key")
            _require_header_name(section, "name", name)
            return HeaderAuth(name, section.reference("value"))
        case "basic":
            return BasicAuth(section.reference("user"), section.reference("password"))
        case "bearer":
            return BearerAuth(section.reference("token"))
        case "query":
            return QueryAuth(section.text("name", "api_key"), section.reference("value"))
    return None


def _pages(top: Section) -> Pages:
    section, kind = _typed(top, "pages", _PAGES)
    match kind:
        case "link":
            return LinkPages()
        case "page":
            first = section.whole("first", 1, 0, 1)
            return NumberedPages(section.text("param", "page"), first)
        case "offset":
            return OffsetPages(section.text("param", "offset"))
        case "cursor":
            return CursorPages(
                section.text("param", "cursor"), section.expression("next", "meta.next_cursor")
            )
        case "next_url":
            return UrlPages(section.expression("next", "links.next"))
    return None


def _incremental(top: Section) -> Incremental:
    section, kind = _typed(top, "incremental", _INCREMENTAL)
    match kind:
        case "time":
            return _time_window(section)
        case "cursor":
            return SavedCursor(
                section.text("param", "since_id"), section.expression("next", "data[-1].id")
            )
    return None


def _time_window(section: Section) -> TimeWindow:
    if ("step" in section) != ("until" in section):
        section.complain("step", "incremental has one of step and until: give both or neither")
    step = section.duration("step", timedelta(days=1)) if "step" in section else None
    if step is not None and not step:
        section.complain("step", "incremental.step is zero: give a duration like 6h")
    return TimeWindow(
        since=section.text("since", "from"),
        time_format=cast("TimeFormat", section.choice("format", TIME_FORMATS, "iso")),
        start=section.time("start"),
        overlap=section.duration("overlap", timedelta(minutes=10)),
        until=section.optional("until", "to"),
        step=step,
    )


def _require_one_walk(top: Section, pages: Pages, incremental: Incremental) -> None:
    if isinstance(incremental, SavedCursor) and pages is not None:
        top.complain(
            "pages", "incremental.type is `cursor`, which walks all pages: leave pages out"
        )


def _record_map(top: Section) -> RecordMap:
    if "map" not in top:
        top.complain("map", "the config has no map: say what in a record is its id, its event, …")
        return RecordMap(Expression.of("@"), {})
    keys = ("id", "timestamp", *MAPPED_FIELDS)
    section = Section.of(top.values["map"], "map", keys, top.problems)
    return RecordMap(
        id=section.expression("id", "event_id"),
        fields={
            name: section.expression(name, "user.id")
            for name in MAPPED_FIELDS
            if name in section.values
        },
        timestamp=_timestamp(section),
        event_types=top.words("event_types"),
    )


def _timestamp(section: Section) -> Timestamp | None:
    if "timestamp" not in section:
        return None
    inner = Section.of(
        section.values["timestamp"], "map.timestamp", ("path", "format"), section.problems
    )
    time_format = cast("TimeFormat", inner.choice("format", TIME_FORMATS, "iso"))
    return Timestamp(inner.expression("path", "created_at"), time_format)


def _limits(top: Section) -> Limits:
    default = Limits()
    if "limits" not in top:
        return default
    section = Section.of(top.values["limits"], "limits", _LIMITS, top.problems)
    return Limits(
        requests_per_second=section.number("requests_per_second", 5, 0.001, 1000),
        timeout=section.duration("timeout", default.timeout),
        attempts=section.whole("attempts", default.attempts, 1, 20),
        longest_wait=section.duration("longest_wait", default.longest_wait),
        page_bytes=section.whole("page_bytes", MAX_PAGE_BYTES, 1024, 16 * MAX_PAGE_BYTES),
    )


def _typed(top: Section, key: str, kinds: Mapping[str, Sequence[str]]) -> tuple[Section, str]:
    """Return a section with a ``type``, which says what other keys it may have."""
    if key not in top:
        return Section(key, top.line, {}, top.problems), "none"
    silent = Problems()
    kind = Section.anything(top.values[key], key, silent).choice("type", tuple(kinds), "")
    if not kind:
        section = Section.anything(top.values[key], key, top.problems)
        section.choice("type", tuple(kinds), "")
        if "type" not in section and top.values[key].is_mapping:
            section.complain("type", f"{key} has no type: give {', '.join(kinds)}")
        return section, "none"
    return Section.of(top.values[key], key, ("type", *kinds[kind]), top.problems), kind
