"""A writer whose failed records are reported: what every process of the image starts with."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from aws_lambda_powertools import Logger
from pyspark.sql import SparkSession

from headwater_writer.failures import clients
from headwater_writer.failures.operator import Operator
from headwater_writer.failures.reporting import with_reports
from headwater_writer.lake import Lake
from headwater_writer.publish.pause import stand_still
from headwater_writer.publish.publisher import Publisher
from headwater_writer.settings import Settings
from headwater_writer.tracking_plan import source
from headwater_writer.writer import Writer


@dataclass(frozen=True, slots=True)
class Process:
    """A writer on a Spark session, and the operator who hears of what fails."""

    spark: SparkSession
    writer: Writer
    operator: Operator

    @classmethod
    def on(cls, spark: SparkSession, settings: Settings, logger: Logger) -> "Process":
        """Return what the settings make of a session that runs.

        What is missing of the tables is created, and the columns of the tracking plan with it.

        Raises:
            TrackingPlanError: the plan cannot be used.
            ColumnTypeError: a table has one of its columns with another type.
        """
        plan = source.load(settings.tracking_plan, partial(clients.s3, settings))
        operator = Operator(clients.topic(settings), _now, logger)
        tables = with_reports(Lake.of(spark, settings).tables(plan), settings, operator)
        publisher = Publisher(tables, settings.group, _now, stand_still)
        return cls(spark, Writer(publisher, replace(settings.rules, plan=plan), _now), operator)


def _now() -> datetime:
    return datetime.now(UTC)
