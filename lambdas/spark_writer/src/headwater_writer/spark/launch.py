"""A writer's Java, started without anything that takes long to import."""

from headwater_writer.settings import Settings
from headwater_writer.spark import app_cds, jvm
from headwater_writer.spark.options import spark_options


def launch(settings: Settings) -> jvm.Starting:
    """Start Java with Spark in it, from the AppCDS archive if there is one."""
    flags = app_cds.use(settings.cds_archive) if settings.cds_archive else ()
    return jvm.launch(settings.jars, spark_options(settings), flags)
