"""A writer's Java, on its way: nothing that takes long to import is needed to start it."""

from headwater_writer.settings import Settings
from headwater_writer.spark import class_archive, jvm
from headwater_writer.spark.options import spark_options


def launch(settings: Settings) -> jvm.Starting:
    """Start Java with Spark in it, from the class archive where there is one."""
    flags = class_archive.use(settings.class_archive) if settings.class_archive else ()
    return jvm.launch(settings.jars, spark_options(settings), flags)
