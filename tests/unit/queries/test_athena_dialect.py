from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from headwater_local.questions.athena_dialect import SETTINGS, to_duckdb
from headwater_reports.errors import QueryError

NOON = "timestamp '2026-03-29 12:00:00'"


def value_of(expression: str) -> Any:  # noqa: ANN401
    with duckdb.connect() as connection:
        for setting in SETTINGS:
            connection.execute(setting)
        [(value,)] = connection.execute(to_duckdb(f"select {expression}")).fetchall()
    return value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        # Whole numbers are divided as such.
        ("7 / 2", 3),
        ("-7 / 2", -3),
        ("7 / 2e0", 3.5),
        # Whole units that have passed, not borders that were crossed.
        ("date_diff('day', timestamp '2026-01-01 23:00', timestamp '2026-01-02 01:00')", 0),
        ("date_diff('day', date '2026-01-31', date '2026-02-01')", 1),
        ("date_diff('week', date '2026-01-04', date '2026-01-05')", 0),
        # A timestamp is of UTC, and an instant stays itself.
        (f"cast({NOON} at time zone 'Europe/Berlin' as varchar)", "2026-03-29 14:00:00"),
        (f"hour({NOON} at time zone 'Asia/Kolkata' at time zone 'Europe/Berlin')", 14),
        (f"hour(at_timezone(with_timezone({NOON}, 'Asia/Kolkata'), 'UTC'))", 6),
        ("date(timestamp '2026-03-30 11:00' at time zone 'Pacific/Apia')", date(2026, 3, 31)),
        # The text of a scalar, null for the rest.
        ("""json_extract_scalar('{"a": "x"}', '$.a')""", "x"),
        ("""json_extract_scalar('{"a": 4}', '$.a')""", "4"),
        ("""json_extract_scalar('{"a": true}', '$.a')""", "true"),
        ("""json_extract_scalar('{"a b": [1]}', '$["a b"]')""", None),
        ("""json_extract_scalar('{"a": {}}', '$.a')""", None),
        ("""json_extract_scalar('{"a": null}', '$.a')""", None),
        ("count_if(false)", 0),
        ("sum(1) filter (where false)", None),
        ("date_trunc('week', timestamp '2026-03-29 12:00')", datetime(2026, 3, 23)),  # noqa: DTZ001
        ("cardinality(array[1, 2])", 2),
        ("element_at(array[1], 2)", None),
        ("regexp_like('shop.example', '(^|\\.)example$')", True),
        ("try_cast('12,50' as double)", None),
        ("day_of_week(date '2026-03-29')", 7),
        ("to_unixtime(timestamp '1970-01-01 00:00:01.5')", 1.5),
        ("array_join(array['a', 'b'], '-')", "a-b"),
        ("strpos('abc', 'c')", 3),
        ("max_by(x, y) from (values ('a', 1), ('b', 2)) as t (x, y)", "b"),
    ],
)
def test_it_means_on_duckdb_what_it_means_on_athena(expression: str, value: object) -> None:
    assert value_of(expression) == value


def test_what_is_not_sql_is_marked_at_its_place() -> None:
    with pytest.raises(QueryError) as raised:
        to_duckdb("select a\nfrom events x y z")

    said, line, mark = str(raised.value).splitlines()
    assert said == "Invalid expression / Unexpected token, line 2:"
    assert line.startswith("from events x y z"[: mark.index("^")])


def test_several_statements_stay_several() -> None:
    assert to_duckdb("select 1; select 2") == "SELECT 1;\nSELECT 2"
