"""What every process of the image starts with: a writer whose failed records are reported."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from aws_lambda_powertools import Logger
from pyspark.sql import SparkSession

from headwater_writer.failures import clients
from headwater_writer.failures.alert import Notifier
from headwater_writer.failures.reporting import with_reports
from headwater_writer.lake.lake import Lake
from headwater_writer.lake.table import LakeTable
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.settle import random_pause
from headwater_writer.publish.table import PublishedTable
from headwater_writer.rows.rows import Rules
from headwater_writer.settings import Settings
from headwater_writer.staged.offering import OfferingTable
from headwater_writer.staged.queue import SqsOffers
from headwater_writer.tracking_plan import source
from headwater_writer.writer import Writer


@dataclass(frozen=True, slots=True)
class Process:
    """A publisher on a Spark session, its writer, and what sends alerts about failed records.

    ``tables`` are those in Iceberg, by name.
    """

    spark: SparkSession
    tables: Mapping[str, LakeTable]
    publisher: Publisher
    writer: Writer
    notifier: Notifier

    @classmethod
    def on(cls, spark: SparkSession, settings: Settings, rules: Rules, logger: Logger) -> "Process":
        """Return the process that works on a session by the settings.

        Missing tables and columns are created, those of the tracking plan too.

        Raises:
            ColumnTypeError: a column of a table has another type.
        """
        notifier = Notifier(clients.topic(settings), _now, logger)
        tables = Lake.of(spark, settings).tables(rules.plan)
        reporting = with_reports(_published(tables, settings, logger), settings, notifier)
        publisher = Publisher(reporting, settings.group, _now, random_pause)
        return cls(spark, tables, publisher, Writer(lambda: publisher, rules, _now), notifier)


def _published(
    tables: Mapping[str, LakeTable], settings: Settings, logger: Logger
) -> Mapping[str, PublishedTable]:
    """Return the tables as a writer commits to them: by itself, or by offers in staged mode."""
    if settings.offers_queue is None:
        return tables
    offers = SqsOffers.of(settings, settings.offers_queue)

    def report(reason: str) -> None:
        logger.warning("commits by itself", reason=reason)

    return {
        name: OfferingTable(table, offers, random_pause, report) for name, table in tables.items()
    }


def rules(settings: Settings) -> Rules:
    """Return what the deployer decides about rows, including the tracking plan.

    Raises:
        TrackingPlanError: the plan cannot be used.
    """
    plan = source.load(settings.tracking_plan, partial(clients.s3, settings))
    return replace(settings.rules, plan=plan)


def _now() -> datetime:
    return datetime.now(UTC)
