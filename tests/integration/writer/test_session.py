"""The session of a function's process, whose Java is to live as long as it does."""

import os
import subprocess
import sys

from headwater_local import aws_client
from integration.conftest import StandIn
from integration.writer.marks import SPARK

pytestmark = SPARK

DROPS_ITS_JAVA = """
import gc
import os

from headwater_writer.settings import Settings
from headwater_writer.spark import session
from headwater_writer.spark.launch import launch

java = launch(Settings.from_environment(os.environ)).ready()
spark = session.join(java)
# As a caught exception does, whose frames refer to it.
cycle = [java]
cycle.append(cycle)
del java, cycle
gc.collect()
print(spark.range(3).count())
"""


def test_java_survives_the_garbage_collector(
    stand_in: StandIn, writer_environment: dict[str, str]
) -> None:
    environment = {**os.environ, **aws_client.environment(stand_in.endpoint), **writer_environment}

    done = subprocess.run(
        [sys.executable, "-c", DROPS_ITS_JAVA],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.stdout.split() == ["3"], done.stderr
