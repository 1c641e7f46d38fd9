"""One Trino for the tests of the pack, over tables that the real writer wrote."""

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from integration.conftest import StandIn
from integration.writer.place import Place
from integration.writer.queries import golden, trino
from integration.writer.queries.lakes import GoldenLake
from integration.writer.queries.trino import Trino


@pytest.fixture(scope="session")
def server(stand_in: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trino]:
    """The server that all tests share."""
    with trino.running(stand_in.endpoint, tmp_path_factory.mktemp("trino")) as server:
        yield server


@pytest.fixture(scope="module")
def golden_lake(spark: SparkSession, stand_in: StandIn) -> GoldenLake:
    """The tables of the golden messages."""
    place = Place.make(spark, stand_in.endpoint)
    return GoldenLake.written(place, golden.records())
