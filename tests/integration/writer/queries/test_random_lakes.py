"""The pack on rows made by chance: Trino and plain Python give the same answers.

``LAKES`` says how many lakes there are, each of which is asked a fifth of all cases; a scheduled
run has twenty. What DuckDB says of them is a unit test.
"""

import os
from collections.abc import Mapping
from typing import Any, Final

import pytest
from pyspark.sql import SparkSession

from integration.conftest import StandIn
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.queries.prepared import execute
from integration.writer.queries.trino import Trino
from unit.queries.rows import in_arrow
from unit.queries.test_random_rows import check_answers, random_lake_of

LAKES: Final = int(os.environ.get("LAKES") or 1)

# Trino and Spark start with the first test.
pytestmark = [*SPARK, pytest.mark.timeout(1800)]


@pytest.mark.parametrize("seed", range(LAKES))
def test_trino_has_the_answers_of_plain_python(
    seed: int, server: Trino, spark: SparkSession, stand_in: StandIn
) -> None:
    place = Place.make(spark, stand_in.endpoint)
    of_lake = in_arrow(random_lake_of(seed))
    for name, table in place.lake().tables().items():
        table.head()  # Which makes it.
        place.table(name).append(of_lake[name])

    def answer(name: str, arguments: Mapping[str, str]) -> list[tuple[Any, ...]]:
        return execute(server, place.database, name, arguments).rows

    check_answers(seed, answer)
