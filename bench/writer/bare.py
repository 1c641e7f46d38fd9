"""The writer without what reports failures: what the peer is compared with."""

from datetime import UTC, datetime

from pyspark.sql import SparkSession

from headwater_writer.lake.lake import Lake
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.settle import random_pause
from headwater_writer.settings import Settings
from headwater_writer.writer import Writer


def writer_of(spark: SparkSession, settings: Settings) -> Writer:
    """Return a writer to the settings' tables."""
    return writer_to(Lake.of(spark, settings), settings)


def writer_to(lake: Lake, settings: Settings) -> Writer:
    """Return a writer to the tables of a lake."""
    publisher = Publisher(lake.tables(), settings.group, _now, random_pause)
    return Writer(lambda: publisher, settings.rules, _now)


def _now() -> datetime:
    return datetime.now(UTC)
