"""The training run that the AppCDS archive is made from.

Run ``python -m headwater_writer.training ARCHIVE`` with the writer's environment, pointed at a
database and a warehouse of their own: the tables that it creates there are dropped.
"""

import os
import sys
import tempfile
from pathlib import Path

from headwater_writer.lake.lake import Lake
from headwater_writer.rehearsal import rehearse, warm_up
from headwater_writer.settings import Settings
from headwater_writer.spark import app_cds, jvm, session
from headwater_writer.spark.options import spark_options


def train(settings: Settings, archive: Path) -> None:
    """Rehearse, and dump the classes that this loaded.

    Raises:
        JvmError: Java did not start.
        AppCdsError: Java did not write the archive.
    """
    with tempfile.TemporaryDirectory() as scratch:
        class_list = Path(scratch) / "classes"
        flags = app_cds.list_classes(class_list)
        java = jvm.launch(settings.jars, spark_options(settings), flags).ready()
        spark = session.join(java)
        warm_up(spark)
        rehearse(Lake.of(spark, settings))
        spark.stop()
        java.stop()
        app_cds.dump(class_list, settings.jars, archive)


if __name__ == "__main__":
    train(Settings.from_environment(os.environ), Path(sys.argv[1]))
