from datetime import timedelta
from typing import Final

import msgspec
import pytest

from golden.cases import Case, accepted
from headwater_collector.routes import Collect, find_route
from headwater_contract.accept import Refused
from headwater_contract.context import Page
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.event import Event, event_type_of, page_of, properties_of, read_event
from headwater_contract.message import Message
from headwater_writer.rows.rows import Rules, shape
from unit.writer.builders import ENVELOPE, NOW

MAX_AGE: Final = Rules().max_age
FIELDS: Final = [field.name for field in msgspec.structs.fields(Event)]


def validated(case: Case) -> Entry:
    route = find_route("POST", case.route)
    assert isinstance(route, Collect)
    return route.validate(case.body).entry


@pytest.mark.parametrize("case", accepted(), ids=str)
def test_says_what_the_row_of_the_message_says(case: Case) -> None:
    entry = validated(case)
    row = shape(entry, case.envelope, Rules()).event

    event = read_event(entry, case.envelope, MAX_AGE)

    assert isinstance(event, Event)
    assert {name: getattr(event, name) for name in FIELDS} == {name: row[name] for name in FIELDS}


def test_keeps_the_age_of_an_import() -> None:
    old = NOW - timedelta(days=4_000)
    entry = Entry(b'{"userId":"u","event":"Ping","timestamp":"%s"}' % _iso(old), "track", "m")
    imported = Envelope(NOW, "shop", is_import=True)

    times = [read_event(entry, each, MAX_AGE) for each in (imported, Envelope(NOW, "shop"))]

    assert [each.event_time for each in times if isinstance(each, Event)] == [old, NOW]


def _iso(time: object) -> bytes:
    return str(time).encode()


@pytest.mark.parametrize(
    ("body", "message_type"),
    [
        (b"not JSON", "track"),
        (b'{"userId":"u"}', "track"),
        (b'{"userId":"u","event":"Ping","context":7}', "track"),
        (b'{"userId":"u","event":"Ping"}', "unheard-of"),
        (b'{"userId":"u","event":"Ping","timestamp":"soon"}', "track"),
    ],
)
def test_says_why_a_message_is_not_an_event(body: bytes, message_type: str) -> None:
    assert isinstance(read_event(Entry(body, message_type, "m"), ENVELOPE, MAX_AGE), Refused)


def test_names_page_and_screen_calls_by_what_was_viewed() -> None:
    message = Message(event="Bought")

    names = [event_type_of(each, message) for each in ("track", "page", "screen", "group")]

    assert names == ["Bought", "page_view", "screen_view", "group"]


def test_reads_the_traits_of_an_identify_call_from_its_context() -> None:
    context = '{"traits":{"plan":"pro"}}'

    assert properties_of("identify", Message(), context) == '{"plan":"pro"}'
    assert properties_of("group", Message(), context) is None


def test_reads_the_page_of_a_page_call_from_its_properties() -> None:
    own = '{"path":"/a"}'

    assert page_of("page", Page(), None, own) == Page(path="/a")
    assert page_of("track", Page(), None, own) == Page()
