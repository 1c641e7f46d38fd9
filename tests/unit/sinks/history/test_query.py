from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_sinks.history.cursor import cursor_at
from headwater_sinks.history.query import LONGEST_PATH, QueryError, read_query

POSITION = Decimal("1769860800000.12345600000000000001")


def test_asks_for_the_newest_hundred_of_a_page() -> None:
    query = read_query({"path": "/a"})

    assert (query.path, query.limit) == ("/a", 100)
    assert query.start < 0 < Decimal(253402300800000) < query.end


@pytest.mark.parametrize("noon", ["1769860800000", "1769860800", "2026-01-31T12:00:00Z"])
def test_takes_times_as_clients_write_them(noon: str) -> None:
    query = read_query({"path": "/a", "from": noon, "to": noon})

    assert query.start == query.end == Decimal(1769860800000)


def test_goes_on_behind_a_cursor() -> None:
    assert read_query({"path": "/a", "cursor": cursor_at("/a", POSITION)}).end == POSITION


def test_a_cursor_does_not_lead_past_the_end() -> None:
    end = "1769860700000"

    query = read_query({"path": "/a", "to": end, "cursor": cursor_at("/a", POSITION)})

    assert query.end == Decimal(end)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "path is missing"),
        ({"path": ""}, "path is missing"),
        ({"path": "/" * (LONGEST_PATH + 1)}, "path is missing or longer"),
        ({"path": "/a", "limit": "1000000"}, "limit is '1000000': give a whole number from 1 to"),
        ({"path": "/a", "limit": "0"}, "limit is '0'"),
        ({"path": "/a", "limit": "-1"}, "limit is '-1'"),
        ({"path": "/a", "limit": "\u00b2"}, "limit is"),
        ({"path": "/a", "limit": "9" * 5000}, "limit is"),
        ({"path": "/a", "from": "soon"}, "from 'soon' is not"),
        ({"path": "/a", "to": "9" * 30}, "to '9"),
        ({"path": "/a", "cursor": "forged"}, "cursor is not from an earlier answer"),
        ({"path": "/a", "cursor": "\u00e9"}, "cursor is not from an earlier answer"),
        ({"path": "/a", "cursor": cursor_at("/b", POSITION)}, "cursor belongs to another path"),
        ({"path": "/a", "Limit": "1"}, "'Limit' is unknown: use path, from, to, limit, cursor"),
    ],
)
def test_refuses_with_a_sentence(parameters: dict[str, str], reason: str) -> None:
    with pytest.raises(QueryError) as refused:
        read_query(parameters)

    assert str(refused.value).startswith(reason)
    assert len(str(refused.value)) < 300


@given(st.text(), st.text(), st.text(), st.text())
def test_takes_or_refuses_whatever_is_asked(path: str, since: str, limit: str, cursor: str) -> None:
    parameters = {"path": path, "from": since, "limit": limit, "cursor": cursor}
    try:
        query = read_query(parameters)
    except QueryError:
        return
    assert 1 <= query.limit <= 1000


@given(st.text(max_size=40))
def test_a_forged_position_is_not_used(position: str) -> None:
    mark = cursor_at("/a", Decimal(1))
    forged = mark[:-2] + position
    try:
        end = read_query({"path": "/a", "cursor": forged}).end
    except QueryError:
        return
    assert end.is_finite()
