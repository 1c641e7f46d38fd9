"""One Spark for all tests of the writer, and for each test tables of its own."""

import os
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from headwater_local import aws_client
from headwater_local.cache import Cache
from headwater_local.supervision.class_archive import archive_file
from headwater_writer import jars, jvm, session
from headwater_writer.settings import Settings
from headwater_writer.spark_options import spark_options
from integration.conftest import StandIn
from integration.writer.place import Place


@pytest.fixture(scope="session")
def writer_environment() -> dict[str, str]:
    """What every writer is told, wherever its tables are; the jars are there."""
    cache = Cache.from_environment(os.environ)
    jars.fetch(cache.jars, print)
    archive = archive_file(cache)
    return {
        "JARS_DIR": str(cache.jars),
        "GLUE_DATABASE": "named-by-each-test",
        "WAREHOUSE": "s3://named-by-each-test",
        **({"CLASS_ARCHIVE": str(archive)} if archive.exists() else {}),
    }


@pytest.fixture(scope="session")
def spark(stand_in: StandIn, writer_environment: dict[str, str]) -> Iterator[SparkSession]:
    """The one Spark of this process, started as a writer starts it."""
    environment = writer_environment | aws_client.environment(stand_in.endpoint)
    settings = Settings.from_environment(environment)
    with pytest.MonkeyPatch.context() as patch:
        # Java reads its credentials here; what pyspark needs to find it goes again as well.
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setenv("PYSPARK_GATEWAY_PORT", "")
        patch.setenv("PYSPARK_GATEWAY_SECRET", "")
        java = jvm.launch(settings.jars, spark_options(settings), ()).ready()
        spark = session.join(java)
    yield spark
    gateway = spark.sparkContext._gateway
    spark.stop()
    gateway.shutdown()  # type: ignore[union-attr]
    java.stop()


@pytest.fixture
def place(spark: SparkSession, stand_in: StandIn) -> Place:
    """A database and a bucket that hold nothing yet."""
    return Place.make(spark, stand_in.endpoint)
