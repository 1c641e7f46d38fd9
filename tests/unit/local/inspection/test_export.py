from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from headwater_local.data_dir import DataDir
from headwater_local.inspection.dialect import Dialect
from headwater_local.inspection.export import export
from headwater_local.inspection.sql import LocalLake
from headwater_reports.errors import QueryError

JSON = """[
  {
    "n": 1,
    "text": "a"
  },
  {
    "n": 2,
    "text": ""
  }
]
"""
SQL = "select * from (values (1, 'a'), (2, '')) as t (n, \"text\") order by n"


class LakeWithoutTables(LocalLake):
    """A lake for statements that need none."""

    def connection(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect()


@pytest.fixture
def lake(tmp_path: Path) -> LocalLake:
    return LakeWithoutTables(DataDir.at(tmp_path))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rows.csv", 'n,text\n1,a\n2,""\n'),
        ("rows.json", JSON),
    ],
)
def test_a_name_chooses_the_format(lake: LocalLake, tmp_path: Path, name: str, text: str) -> None:
    assert export(lake, SQL, Dialect.ATHENA, tmp_path / name) == 2
    assert (tmp_path / name).read_text() == text


def test_parquet_keeps_the_types(lake: LocalLake, tmp_path: Path) -> None:
    assert export(lake, SQL, Dialect.ATHENA, tmp_path / "rows.parquet") == 2
    assert pq.read_table(tmp_path / "rows.parquet").to_pylist() == [
        {"n": 1, "text": "a"},
        {"n": 2, "text": ""},
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rows.xls", "has no format: name it .csv, .json or .parquet"),
        ("nowhere/rows.csv", "cannot be written .No such file or directory.: name another"),
        ("nowhere/rows.parquet", "cannot be written .No such file or directory.: name another"),
    ],
)
def test_a_file_that_cannot_be_is_a_sentence(
    lake: LocalLake, tmp_path: Path, name: str, said: str
) -> None:
    with pytest.raises(QueryError, match=said):
        export(lake, SQL, Dialect.ATHENA, tmp_path / name)
