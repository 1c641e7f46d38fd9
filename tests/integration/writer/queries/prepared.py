"""Questions as the reports ask Athena: prepared by Terraform, then executed by a statement."""

from collections.abc import Mapping

from headwater_local.questions import pack
from headwater_local.questions.pack import PLACEHOLDER
from headwater_reports.questions import statement
from integration.writer.queries.trino import Answer, Trino


def execute(server: Trino, database: str, name: str, arguments: Mapping[str, str]) -> Answer:
    """Return the answer to a prepared question."""
    return _run(server, database, name, statement(pack.questions(), name, arguments))


def plan(server: Trino, database: str, name: str, arguments: Mapping[str, str]) -> str:
    """Return how Trino would execute a prepared question."""
    sql = statement(pack.questions(), name, arguments)
    [[text]] = _run(server, database, name, f"EXPLAIN {sql}").rows
    return str(text)


def _run(server: Trino, database: str, name: str, sql: str) -> Answer:
    prepared = PLACEHOLDER.sub("?", pack.question(name).template)
    return server.run(sql, database, {name: prepared})
