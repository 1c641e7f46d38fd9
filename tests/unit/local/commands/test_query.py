import duckdb
import pytest

from headwater_contract.tables import EVENTS
from headwater_local.commands.query import UNIQUE_EVENTS, one_sentence, view


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


def test_of_an_events_appearances_one_is_unique_the_first_to_be_loaded() -> None:
    columns = ("app_id", "event_id", "load_time", "ingest_shard", "ingest_sequence", "ingest_index")
    appearances = (
        "('a', 'again', timestamp '2026-01-01', 's', '100', 0), "
        "('a', 'again', timestamp '2026-01-01', 's', '99', 0), "
        "('a', 'again', timestamp '2026-01-02', 's', '9', 0), "
        "('b', 'again', timestamp '2026-01-02', 's', '9', 1)"
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"create table {EVENTS.name} as from (values {appearances}) as t({', '.join(columns)})"
        )
        connection.execute(UNIQUE_EVENTS.read_text())

        unique = "select app_id, ingest_sequence from unique_events order by app_id"
        assert connection.execute(unique).fetchall() == [("a", "99"), ("b", "9")]
