"""The SQL of the docs runs, in Athena's dialect, as `headwater query` runs it."""

import re
from pathlib import Path

import pytest

from headwater_local.questions.athena_dialect import to_duckdb
from unit.queries.reference import Lake
from unit.queries.rows import in_duckdb

DOCS = Path(__file__).parents[3] / "docs"
PLAN_COLUMNS = ("prop_total double", "prop_published_at timestamp")
"""Those of docs/tracking-plan.md's own plan."""

ELSEWHERE = ("incremental.md", "sinks.md")
"""A statement with parameters and a reader's own table, and those of other engines and of other
tables. All have tests of their own, but for Redshift's and Databricks'."""

STATEMENTS = [
    pytest.param(sql, id=page.stem)
    for page in sorted(DOCS.glob("*.md"))
    if page.name not in ELSEWHERE
    for sql in re.findall(r"(?ms)^```sql\n(.*?)^```$", page.read_text())
]


@pytest.mark.parametrize("sql", STATEMENTS)
def test_a_statement_of_the_docs_runs(sql: str) -> None:
    with in_duckdb(Lake([])) as connection:
        for column in PLAN_COLUMNS:
            connection.execute(f"alter table events add column {column}")

        connection.execute(to_duckdb(sql))
