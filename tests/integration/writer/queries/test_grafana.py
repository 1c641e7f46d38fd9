"""Each panel of the Grafana dashboard has the answer of plain Python, on Trino."""

from collections.abc import Mapping
from typing import Final

import pytest

from integration.writer.marks import SPARK
from integration.writer.queries.by_hand import MARCH, WALKS
from integration.writer.queries.lakes import GoldenLake
from integration.writer.queries.trino import Trino
from unit.queries.asking import Case, same
from unit.queries.grafana import interpolated, panels

# Trino and Spark start with the first test.
pytestmark = [*SPARK, pytest.mark.timeout(1800)]

TEXTS: Final = {"event": "order_paid", "step_1": "A", "step_2": "B", "step_3": "it's"}
OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "attribution": {"event": "order_paid"},
    "conversions": {"event": "order_paid"},
    "funnel": {"steps": '["A", "B", "it\'s"]'},
}


@pytest.mark.parametrize(("name", "sql"), panels().items(), ids=panels())
def test_a_panel_has_the_answer_of_plain_python(
    name: str, sql: str, server: Trino, golden_lake: GoldenLake
) -> None:
    asked = WALKS if name == "funnel" else MARCH
    expected = Case(name, OWN.get(name, {})).expected(golden_lake.reference, asked)

    answer = server.run(interpolated(sql, asked, TEXTS), golden_lake.place.database)

    same(answer.rows, expected)
