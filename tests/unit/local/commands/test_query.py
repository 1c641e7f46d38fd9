import duckdb
import pytest

from headwater_local.commands.query import one_sentence, view


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
