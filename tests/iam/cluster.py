"""All that jobs on the Spark cluster do, on one machine: it signs on all with one role."""

import os
from typing import Final

from headwater_local import aws_client
from headwater_local.supervision.part_commands import inherited
from headwater_writer.cluster import backfill_job
from iam.stack import CLUSTER
from iam.surroundings import Surroundings
from integration.writer.spark_cluster import ClusterJob
from integration.writer.writer_process import writer_environment

SECONDS: Final = 600.0
MASTER: Final = "local[1]"


def write(at: Surroundings) -> None:
    """Read the stream to its end."""
    _run(at)


def backfill(at: Surroundings, source: str) -> None:
    """Write files of messages of the app `shop`."""
    _run(at, str(backfill_job.__file__), source, "--app", "shop")


def _run(at: Surroundings, *command: str) -> None:
    """Run a job as the driver is told to."""
    environment = {
        **inherited(os.environ),
        **writer_environment(),
        **at.stack.cluster,
        **aws_client.environment(at.endpoint),
        "AWS_ACCESS_KEY_ID": at.stack.key(CLUSTER),
        "AWS_REGION": at.stack.region,
        "JARS_DIR": writer_environment()["JARS_DIR"],
        "ROUND_SECONDS": "0",
        "END_WHEN_IDLE": "yes",
    }
    for name in ("PYTHONPATH", "PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON"):
        del environment[name]  # EMR's, and where it unpacks the code.
    with ClusterJob(environment, at.folder, MASTER, *command) as job:
        assert job.wait(SECONDS) == 0, job.log.read_text()[-3000:]
