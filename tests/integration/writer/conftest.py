"""One Spark for all tests of the writer, and for each test tables of its own."""

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from pyspark.sql import SparkSession

from headwater_local import aws_client
from headwater_writer.functions import starting
from headwater_writer.settings import Settings
from headwater_writer.spark import jvm, launch, session
from headwater_writer.spark.jvm import Jvm
from headwater_writer.spark.options import spark_options
from iam.requests import recorded
from iam.stack import Stack
from integration.conftest import StandIn
from integration.writer import writer_process
from integration.writer.interceptor import Interceptor
from integration.writer.place import Place
from integration.writer.roles import AS_A_WRITER, not_allowed

if TYPE_CHECKING:
    from terraform.made import Stacks


@pytest.fixture(scope="session")
def writer_environment() -> dict[str, str]:
    """What every writer is told, wherever its tables are; the jars are there."""
    return writer_process.writer_environment()


@pytest.fixture(scope="session")
def role(request: pytest.FixtureRequest, recording: Path) -> Iterator[dict[str, str]]:
    """How writers sign; it fails at the end if one asked for what its role does not allow.

    The role is looked up in continuous integration alone: that takes Terraform, and as long as the
    start of a Spark.
    """
    stacks: Stacks | None = request.getfixturevalue("stacks") if "NO_SKIPS" in os.environ else None
    yield AS_A_WRITER
    if stacks is not None:
        assert not_allowed(Stack(stacks.made[0]), recorded(recording)) == []


@pytest.fixture(scope="session")
def java(
    stand_in: StandIn, writer_environment: dict[str, str], role: dict[str, str]
) -> Iterator[Jvm]:
    """The one Java of this process, started as a writer starts it."""
    environment = writer_environment | aws_client.environment(stand_in.endpoint) | role
    settings = Settings.from_environment(environment)
    with pytest.MonkeyPatch.context() as patch:
        # Java reads its credentials here; what pyspark needs to find it goes again as well.
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setenv("PYSPARK_GATEWAY_PORT", "")
        patch.setenv("PYSPARK_GATEWAY_SECRET", "")
        java = jvm.launch(settings.jars, spark_options(settings), ()).ready()
        session.join(java)
    yield java
    java.stop()


@pytest.fixture(scope="session")
def spark(java: Jvm) -> Iterator[SparkSession]:
    """The session of that Java."""
    spark = session.join(java)
    yield spark
    gateway = spark.sparkContext._gateway
    spark.stop()
    gateway.shutdown()  # type: ignore[union-attr]


@pytest.fixture
def import_function(
    spark: SparkSession, java: Jvm, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], ModuleType]:
    """Import a module of ``functions`` as Lambda does, but with the Java that is there already."""
    ready = SimpleNamespace(process=java.process, ready=lambda: java)
    monkeypatch.setattr(launch, "launch", lambda _settings: ready)
    monkeypatch.setattr(starting, "joined", lambda _java, _logger: spark)

    def imported(name: str) -> ModuleType:
        return importlib.reload(importlib.import_module(f"headwater_writer.functions.{name}"))

    return imported


@pytest.fixture
def place(spark: SparkSession, stand_in: StandIn) -> Place:
    """A database and a bucket that hold nothing yet."""
    return Place.make(spark, stand_in.endpoint)


@pytest.fixture
def wire(place: Place) -> Iterator[Interceptor]:
    """What a catalog, a writer or both are reached through, if a test has them so."""
    with Interceptor(place.endpoint) as interceptor:
        yield interceptor
