"""All that jobs on the Spark cluster do, on one machine: it signs on all with one role."""

import os
from collections.abc import Sequence
from typing import Final

from headwater_local import aws_client
from headwater_local.supervision.part_commands import inherited
from iam import cluster_jobs
from iam.stack import CLUSTER
from iam.surroundings import Surroundings
from integration.writer.spark_cluster import ClusterJob
from integration.writer.writer_process import writer_environment

SECONDS: Final = 600.0
MASTER: Final = "local[1]"


def play(at: Surroundings, sources: Sequence[str]) -> None:
    """Read the stream to its end, and write files of messages, as the driver is told to."""
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
    command = (str(cluster_jobs.__file__), *sources)
    with ClusterJob(environment, at.folder, MASTER, *command) as job:
        assert job.wait(SECONDS) == 0, job.log.read_text()[-3000:]
