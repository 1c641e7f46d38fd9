"""Spark's settings: the catalogs, and what suits small batches."""

from collections.abc import Mapping
from typing import Final

from headwater_writer.settings import Settings

CATALOG: Final = "lake"
STAGING: Final = "staging"
"""A catalog in which a table is only while its new data files are written, uncommitted."""

MEMORY: Final = "memory"
"""A catalog in memory: for warming up."""

# Spark gives up its executor, here itself, when two minutes of wall-clock time went by without a
# heartbeat, and Java ends some heartbeats later. Lambda freezes a process for longer than that
# between two batches, and for days between a snapshot and its restoration.
_NEVER: Final = "36500d"
# For the same reason a connection is reused soon or not at all: its other end may have closed it,
# and if nothing says so, noticing takes half a minute.
_IDLE_MS: Final = 5_000


def spark_options(settings: Settings) -> Mapping[str, str]:
    """Return Spark's settings: the catalogs, and what suits small batches on the cores at hand."""
    return catalog_options(settings) | {
        "spark.master": "local[*]",
        "spark.app.name": "headwater-writer",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        # Columns stay columns until a task writes them, rather than rows that are sent to it.
        "spark.sql.execution.arrow.localRelationThreshold": "0",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.storage.blockManagerHeartbeatTimeoutMs": _NEVER,
    }


def catalog_options(settings: Settings) -> dict[str, str]:
    """Return the settings without which tables are not found, or their times are not UTC."""
    catalog = f"spark.sql.catalog.{CATALOG}"
    return {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        "spark.sql.extensions": (
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
        ),
        f"spark.sql.catalog.{MEMORY}": "org.apache.iceberg.spark.SparkCatalog",
        f"spark.sql.catalog.{MEMORY}.catalog-impl": "org.apache.iceberg.inmemory.InMemoryCatalog",
        f"spark.sql.catalog.{STAGING}": "org.apache.iceberg.spark.SparkRewriteTableCatalog",
        **{f"{catalog}{key}": value for key, value in _catalog(settings).items()},
    }


def _catalog(settings: Settings) -> Mapping[str, str]:
    options = {
        "": "org.apache.iceberg.spark.SparkCatalog",
        ".type": "glue",
        ".warehouse": settings.warehouse,
        ".io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        ".client.region": settings.region,
        ".cache-enabled": "false",
        ".http-client.apache.connection-max-idle-time-ms": str(_IDLE_MS),
    }
    if settings.endpoint is None:
        return options
    return options | {
        ".glue.endpoint": settings.endpoint,
        ".s3.endpoint": settings.endpoint,
        ".s3.path-style-access": "true",
    }
