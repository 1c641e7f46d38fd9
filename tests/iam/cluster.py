"""All that the job on the Spark cluster does, on one machine: it signs on all with one role."""

import os

from headwater_local import aws_client
from headwater_local.supervision.part_commands import inherited
from iam.stack import CLUSTER
from iam.surroundings import Surroundings
from integration.writer.spark_cluster import ClusterJob
from integration.writer.writer_process import writer_environment

SECONDS = 300.0


def play(at: Surroundings) -> None:
    """Read the stream to its end, as the driver is told to."""
    environment = {
        **inherited(os.environ),
        **at.stack.cluster,
        **writer_environment(),
        **aws_client.environment(at.endpoint),
        "AWS_ACCESS_KEY_ID": at.stack.key(CLUSTER),
        "AWS_REGION": at.stack.region,
        "ROUND_SECONDS": "0",
        "END_WHEN_IDLE": "yes",
    }
    with ClusterJob(environment, at.folder, master="local[1]") as job:
        assert job.wait(SECONDS) == 0, job.log.read_text()[-3000:]
