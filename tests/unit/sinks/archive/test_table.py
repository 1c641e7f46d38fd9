"""The table that Terraform gives Athena has the columns that lines of the archive have."""

import re
from pathlib import Path
from typing import Final

import duckdb
import pytest

from headwater_contract.archive_line import COLUMNS, Archived, archive_line
from headwater_contract.envelope import Entry, Envelope
from headwater_local.questions.athena_dialect import to_duckdb
from unit.writer.builders import RECEIVED, SHARD

REPOSITORY: Final = Path(__file__).parents[4]
TABLE: Final = dict(
    re.findall(
        r'(?m)^    \["(\w+)", "(\w+)"\],$',
        (REPOSITORY / "terraform/modules/sinks/archive/table.tf").read_text(),
    )
)
"""The type of each column, which is Hive's."""

IN_DUCKDB: Final = {"boolean": "boolean", "int": "integer", "string": "varchar"}

FULL: Final = Envelope(
    received_at=RECEIVED,
    app_id="shop",
    sent_at=RECEIVED,
    context='{"os": {"name": "iOS"}}',
    integrations='{"All": true}',
    is_import=True,
    gpc=True,
    ip="203.0.113.0",
    user_agent="curl/8.5.0",
    country="DE",
    city="Berlin",
    headers={"*": {"dnt": "1"}},
)


@pytest.fixture
def connection(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB with an archive of one line, read by the table's columns."""
    file = tmp_path / "lines.json"
    message = Entry(b'{"event": "Paid", "userId": "ada"}', "track", "m-1")
    file.write_bytes(archive_line(Archived(FULL, message, SHARD, "1", 0)))
    columns = {name: IN_DUCKDB[kind] for name, kind in TABLE.items()}
    connection = duckdb.connect()
    connection.execute(
        f"create view archive as select *, '2026/01/31/13' as datehour from read_json("
        f"'{file}', format = 'newline_delimited', columns = {columns})"
    )
    return connection


def test_has_every_member_of_a_line_in_its_order() -> None:
    assert tuple(TABLE) == COLUMNS


def test_a_full_line_has_a_value_of_its_type_in_every_column(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    [row] = connection.execute("select * from archive").fetchall()

    assert None not in row


def test_the_sql_of_the_docs_counts_its_events(connection: duckdb.DuckDBPyConnection) -> None:
    page = (REPOSITORY / "docs" / "sinks.md").read_text()
    [sql] = re.findall(r"(?s)\*\*Athena\*\*.+?```sql\n(.+?)```", page)

    assert connection.execute(to_duckdb(sql)).fetchall() == [("Paid", 1)]
