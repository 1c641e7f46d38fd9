from datetime import datetime

import duckdb
import pytest

from headwater_contract.tables import EVENTS
from headwater_local.errors import QueryError
from headwater_local.inspection.sql import UNIQUE_EVENTS, fetch, one_sentence, view


def test_a_name_cannot_leave_its_quotes() -> None:
    assert view('a"b', "s3://x/it's.json") == (
        """CREATE VIEW "a""b" AS SELECT * FROM iceberg_scan('s3://x/it''s.json')"""
    )


def test_an_error_of_duckdb_is_one_sentence() -> None:
    with pytest.raises(duckdb.Error) as raised:
        duckdb.sql("select nope from (select 1 as a)")

    sentence = one_sentence(str(raised.value))

    assert 'Referenced column "nope" not found' in sentence
    assert "\n" not in sentence
    assert "LINE 1" not in sentence


@pytest.mark.parametrize("sql", ["", " ; ", "-- nothing"])
def test_nothing_to_run_is_a_sentence(sql: str) -> None:
    with duckdb.connect() as connection, pytest.raises(QueryError, match="has no statement"):
        fetch(connection, sql)


POSITION = ("load_time", "ingest_shard", "ingest_sequence", "ingest_index")
SAYS = ("track", "paid", "u", None, None)


def appearance(
    app: str, day: int, sequence: str, properties: str | None = None
) -> tuple[object, ...]:
    return (app, "again", *SAYS, properties, datetime(2026, 1, day), "s", sequence, 0)  # noqa: DTZ001


def test_unique_events_has_the_first_of_each_event_that_was_loaded() -> None:
    names = (*EVENTS.identity, *POSITION)
    rows = [
        appearance("a", 1, "100"),
        appearance("a", 1, "99"),
        appearance("a", 2, "9"),
        appearance("b", 2, "9"),
        appearance("b", 3, "10", properties='{"says": "something else"}'),
    ]
    with duckdb.connect() as connection:
        columns = ", ".join(
            f"{name} {'timestamp' if name == 'load_time' else 'varchar'}" for name in names
        )
        connection.execute(f"create table {EVENTS.name} ({columns})")
        connection.executemany(
            f"insert into {EVENTS.name} values ({', '.join('?' * len(names))})", rows
        )
        connection.execute(UNIQUE_EVENTS.read_text())

        unique = "select app_id, ingest_sequence from unique_events order by app_id, load_time"
        assert connection.execute(unique).fetchall() == [("a", "99"), ("b", "9"), ("b", "10")]


def test_unique_events_goes_by_what_the_contract_calls_a_repeat() -> None:
    assert f"PARTITION BY\n        {', '.join(EVENTS.identity)}\n" in UNIQUE_EVENTS.read_text()
