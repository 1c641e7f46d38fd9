"""Spark as the functions wait for it: never in Lambda's init phase, and with a word in the log.

Lambda ends the init phase of an instance that is started for an event after ten seconds, and starts
it anew with the event ("Lambda execution environment lifecycle", AWS Lambda developer guide). So
Java is started first, Python imports the rest meanwhile, and the first event waits for both.
"""

from aws_lambda_powertools import Logger
from pyspark.sql import SparkSession

from headwater_writer.spark import session
from headwater_writer.spark.jvm import Jvm


def joined(java: Jvm, logger: Logger) -> SparkSession:
    """Return the session of a Java that is running, for the thread that asks.

    Logs whether the AppCDS archive was mapped: without it, every start takes twice as long.
    """
    spark = session.join(java)
    logger.info("Spark is ready", app_cds_mapped=session.maps_app_cds_archive(spark))
    return spark
