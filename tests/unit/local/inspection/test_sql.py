import duckdb
import pytest

from headwater_local.data_dir import DataDir
from headwater_local.errors import NotRunningError
from headwater_local.inspection.dialect import Dialect
from headwater_local.inspection.sql import LocalLake, explained, fetch
from headwater_reports.errors import QueryError


def test_an_error_of_duckdb_shows_the_place() -> None:
    with (
        duckdb.connect() as connection,
        pytest.raises(QueryError, match=r'(?s)Referenced column "nope".*\nLINE 1: .*\n +\^'),
        explained(),
    ):
        fetch(connection, "select nope from (select 1 as a)")


@pytest.mark.parametrize("sql", ["", " ; ", "-- nothing"])
def test_nothing_to_run_is_a_sentence(sql: str) -> None:
    with duckdb.connect() as connection, pytest.raises(QueryError, match="has no statement"):
        fetch(connection, sql)


@pytest.mark.parametrize(("limit", "rows", "is_cut"), [(0, 3, False), (2, 2, True), (3, 3, False)])
def test_rows_end_at_the_limit_and_say_so(limit: int, rows: int, *, is_cut: bool) -> None:
    with duckdb.connect() as connection:
        result = fetch(connection, "select * from range(3)", limit)

    assert (len(result.rows), result.is_cut) == (rows, is_cut)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_an_interrupt_is_a_word(error: BaseException) -> None:
    with pytest.raises(QueryError, match="Interrupted"), explained():
        raise error


def test_a_directory_without_tables_says_what_to_start(data_dir: DataDir) -> None:
    with pytest.raises(NotRunningError, match="start it with `headwater up`"):
        LocalLake(data_dir).run("select 1", Dialect.ATHENA)
