import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from headwater_contract.quoting import listed
from headwater_documents.document import DocumentError
from headwater_poller.config import (
    BasicAuth,
    BearerAuth,
    CursorPages,
    Expression,
    HeaderAuth,
    LinkPages,
    NumberedPages,
    OffsetPages,
    QueryAuth,
    Reference,
    SavedCursor,
    Timestamp,
    TimeWindow,
    UrlPages,
)
from headwater_poller.parse import TOP_KEYS, parse
from unit.poller.build import PLAIN, TIMED, config

EXAMPLES = sorted((Path(__file__).parents[3] / "lambdas" / "poller" / "examples").glob("*.yaml"))

FULL = b"""
version: 1
id: weblogs
url: https://api.example.com/v1/events
app_id: website
params: {limit: 500}
headers: {accept-language: en}
auth: {type: bearer, token: {secret: weblogs/api, key: token}}
records: data[]
pages: {type: cursor, param: cursor, next: meta.next}
incremental:
  type: time
  since: from
  until: to
  format: epoch_ms
  start: 2026-01-01T00:00:00Z
  overlap: 15m
  step: 6h
map:
  id: '[session, seq]'
  timestamp: {path: ts, format: epoch_ms}
  event: event_type
  userId: user.id
event_types: [page_view, click]
every: 5m
import: true
limits: {requests_per_second: 2, timeout: 20s, attempts: 3, longest_wait: 2m, page_bytes: 1000000}
"""


def complaints(text: bytes) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    return str(caught.value).splitlines()


def changed(**changes: object) -> bytes:
    document = {key: value for key, value in {**PLAIN, **changes}.items() if value is not None}
    return json.dumps(document).encode()


def test_reads_everything_that_a_config_may_say() -> None:
    found = parse(FULL)

    assert (found.id, found.app_id, found.url) == (
        "weblogs",
        "website",
        "https://api.example.com/v1/events",
    )
    assert found.params == (("limit", "500"),)
    assert found.headers == {"accept-language": "en"}
    assert found.auth == BearerAuth(Reference(secret="weblogs/api", key="token"))
    assert found.records == Expression.of("data[]")
    assert found.pages == CursorPages("cursor", Expression.of("meta.next"))
    assert found.incremental == TimeWindow(
        since="from",
        time_format="epoch_ms",
        start=datetime(2026, 1, 1, tzinfo=UTC),
        overlap=timedelta(minutes=15),
        until="to",
        step=timedelta(hours=6),
    )
    assert found.record_map.timestamp == Timestamp(Expression.of("ts"), "epoch_ms")
    assert found.record_map.fields == {
        "event": Expression.of("event_type"),
        "userId": Expression.of("user.id"),
    }
    assert found.record_map.event_types == {"page_view", "click"}
    assert found.every == timedelta(minutes=5)
    assert found.is_import
    assert (found.limits.requests_per_second, found.limits.attempts) == (2, 3)
    assert found.limits.timeout == timedelta(seconds=20)
    assert found.limits.longest_wait == timedelta(minutes=2)
    assert found.limits.page_bytes == 1_000_000


def test_an_app_is_named_after_the_config_if_it_has_no_name() -> None:
    assert config().app_id == "weblogs"


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        ({"type": "none"}, None),
        (
            {"type": "header", "name": "X-Api-Key", "value": {"env": "KEY"}},
            HeaderAuth("X-Api-Key", Reference(env="KEY")),
        ),
        (
            {"type": "query", "name": "key", "value": {"secret": "s"}},
            QueryAuth("key", Reference(secret="s")),
        ),
        (
            {"type": "basic", "user": {"env": "U"}, "password": {"env": "P"}},
            BasicAuth(Reference(env="U"), Reference(env="P")),
        ),
    ],
)
def test_reads_every_kind_of_authentication(auth: dict[str, Any], expected: object) -> None:
    assert config(auth=auth).auth == expected


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ({"type": "none"}, None),
        ({"type": "link"}, LinkPages()),
        ({"type": "page", "param": "p", "first": 0}, NumberedPages("p", 0)),
        ({"type": "page", "param": "p"}, NumberedPages("p", 1)),
        ({"type": "offset", "param": "o"}, OffsetPages("o")),
        ({"type": "next_url", "next": "links.next"}, UrlPages(Expression.of("links.next"))),
    ],
)
def test_reads_every_kind_of_pages(pages: dict[str, Any], expected: object) -> None:
    assert config(pages=pages).pages == expected


def test_reads_a_saved_cursor() -> None:
    declared = {"type": "cursor", "param": "since_id", "next": "data[-1].id"}

    assert config(incremental=declared).incremental == SavedCursor(
        "since_id", Expression.of("data[-1].id")
    )


def test_names_the_line_of_every_problem() -> None:
    text = FULL.replace(b"app_id: website", b"app_idd: website").replace(b"step: 6h", b"step: soon")

    assert complaints(text) == [
        f"line 5: the config has the unknown key app_idd: it takes {listed(TOP_KEYS)}",
        "line 18: incremental.step is `soon`: give a duration like 90s, 10m, 6h or 1d",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"version": 2}, "version is `2`: this poller reads 1"),
        ({"id": "Web Logs"}, "id is `Web Logs`: give lower-case letters"),
        ({"id": None}, "the config has no id: give one like `weblogs`"),
        ({"id": {}}, "the config.id is a mapping"),
        ({"url": "ftp://x/"}, "url is not an http or https address"),
        ({"url": "https://user:secret@x/"}, "url is not an http or https address without user"),
        ({"url": "https://x/?a=1"}, "url has a query: give its parameters below `params`"),
        ({"url": "https://x:99999/"}, "url is not an http or https address"),
        ({"records": "data["}, "the config.records is not a JMESPath expression"),
        ({"map": None}, "the config has no map"),
        ({"map": {"event": "event"}}, "map has no id: give one like `event_id`"),
        ({"map": {"id": "id", "messageId": "x"}}, "map has the unknown key messageId"),
        ({"map": {"id": "id", "timestamp": "ts"}}, "map.timestamp is `ts`: give a mapping"),
        ({"map": {"id": "id", "timestamp": {"format": "iso"}}}, "map.timestamp has no path"),
        (
            {"map": {"id": "id", "timestamp": {"path": "t", "format": "ms"}}},
            "map.timestamp.format is `ms`: give iso, epoch_s, epoch_ms or epoch_us",
        ),
        ({"event_types": "click"}, "event_types is `click`: give a list"),
        ({"event_types": []}, "event_types is a list: give a list of texts"),
        ({"headers": {"x key": "x"}}, "'x key' cannot be the name of a header: give letters"),
        ({"headers": {"x": "a\nb"}}, "headers.x is not one line of printable Latin-1"),
        ({"headers": {"x": "\u20ac"}}, "headers.x is not one line of printable Latin-1"),
        (
            {"auth": {"type": "header", "name": "x:", "value": {"env": "A"}}},
            "'x:' cannot be the name of a header",
        ),
        ({"headers": {"Authorization": "x"}}, "headers.Authorization holds a secret"),
        ({"auth": {"type": "oauth"}}, "auth.type is `oauth`: give none, header, basic, bearer"),
        ({"auth": {}}, "auth has no type"),
        ({"auth": "bearer"}, "auth is `bearer`: give a mapping"),
        ({"auth": {"type": "bearer"}}, "auth has no token: refer to it"),
        (
            {"auth": {"type": "bearer", "token": {"env": "A", "secret": "B"}}},
            "auth.token does not name exactly one place",
        ),
        (
            {"auth": {"type": "bearer", "token": {"env": "A", "key": "B"}}},
            "auth.token does not name exactly one place",
        ),
        ({"auth": {"type": "link", "x": 1}}, "auth.type is `link`"),
        ({"pages": {"type": "link", "param": "p"}}, "pages has the unknown key param"),
        (
            {"pages": {"type": "page", "param": "p", "first": 7}},
            "pages.first is `7`: give a number",
        ),
        (
            {"incremental": {"type": "time", "since": "from", "start": "2026-01-01T00:00:00Z"}},
            "incremental.type is `time`: give map.timestamp",
        ),
        (
            {
                "pages": {"type": "link"},
                "incremental": {"type": "cursor", "param": "c", "next": "n"},
            },
            "incremental.type is `cursor`, which walks all pages: leave pages out",
        ),
        ({"every": "often"}, "the config.every is `often`: give a duration"),
        ({"import": "yes"}, "the config.import is `yes`: give true or false"),
        ({"limits": {"attempts": 0}}, "limits.attempts is `0`: give a number from 1 to 20"),
        ({"limits": {"attempts": 1.5}}, "limits.attempts is `1.5`: give a whole number"),
        ({"limits": {"requests_per_second": "nan"}}, "limits.requests_per_second is `nan`"),
    ],
)
def test_refuses(changes: dict[str, Any], sentence: str) -> None:
    assert any(sentence in each for each in complaints(changed(**changes))), complaints(
        changed(**changes)
    )


@pytest.mark.parametrize(
    ("window", "sentence"),
    [
        ({"start": "tomorrow"}, "incremental.start: 'tomorrow' is not an ISO 8601 date-time"),
        ({"start": None}, "incremental has no start"),
        ({"until": "to"}, "incremental has one of step and until"),
        ({"until": "to", "step": "0s"}, "incremental.step is zero"),
    ],
)
def test_refuses_a_window(window: dict[str, Any], sentence: str) -> None:
    whole = {"type": "time", "since": "from", "start": "2026-01-01T00:00:00Z", **window}
    given = {key: value for key, value in whole.items() if value is not None}

    assert any(sentence in each for each in complaints(changed(map=TIMED, incremental=given)))


def test_never_quotes_a_secret_that_stands_in_the_config() -> None:
    text = changed(auth={"type": "bearer", "token": "hunter2"}, url="https://u:hunter2@x/")

    found = "\n".join(complaints(text))

    assert "secrets do not belong here" in found
    assert "hunter2" not in found


def test_refuses_what_is_not_yaml() -> None:
    assert complaints(b"id: [") == [
        "line 1: it is not YAML: expected the node content, but found '<stream end>'"
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_reads_the_shipped_example(example: Path) -> None:
    assert parse(example.read_bytes()).id == example.stem
