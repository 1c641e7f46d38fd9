from pathlib import Path

import duckdb
import pytest

from headwater_contract.columns import ColumnType
from headwater_contract.tables import TABLES
from terraform.command import REPOSITORY

QUERIES = sorted((REPOSITORY / "terraform" / "modules" / "queries" / "sql").glob("*.sql"))
TYPES = {
    ColumnType.STRING: "VARCHAR",
    ColumnType.INT: "INTEGER",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.TIMESTAMP: "TIMESTAMP",
    ColumnType.BINARY: "BLOB",
    ColumnType.STRING_MAP: "MAP(VARCHAR, VARCHAR)",
}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_names_columns_of_the_contract_only(query: Path) -> None:
    with duckdb.connect() as connection:
        for table in TABLES:
            columns = ", ".join(f'"{column.name}" {TYPES[column.type]}' for column in table.columns)
            connection.execute(f"CREATE TABLE {table.name} ({columns})")

        assert connection.execute(query.read_text()).fetchall() == []
