"""Work on the lake that needs Spark: a module of the writer's, run as a process of its own.

It is given the writer's environment and says what it does in lines of JSON.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.errors import LakeError
from headwater_local.ministack import aws
from headwater_local.supervision import part_commands
from headwater_local.supervision.processes import last_lines
from headwater_local.supervision.run import Run


def lines_of(
    data_dir: DataDir, module: str, arguments: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    """Run a module on the lake of a running Headwater and yield what it says.

    Raises:
        NotRunningError: Nothing runs on the data directory.
        LakeError: The process failed.
    """
    ports = data_dir.running_ports()
    if not aws.is_healthy(ports.aws_url):
        raise data_dir.not_running()
    run = Run(data_dir, Cache.from_environment(os.environ), ports, os.environ)
    environment = part_commands.writer(run).environment
    log = data_dir.log_file(module.split(".")[1])
    process = _start(log, environment, module, arguments)
    try:
        for line in process.stdout or ():
            if line.startswith("{"):
                yield json.loads(line)
    except BaseException:
        # Python alone, not its Java: it has a lease to give back.
        process.send_signal(signal.SIGINT)
        raise
    finally:
        process.communicate()
    if process.returncode:
        raise LakeError(f"It failed; its log is {log} and ends with:\n{last_lines(log)}")


def _start(
    log: Path, environment: Mapping[str, str], module: str, arguments: Sequence[str]
) -> "subprocess.Popen[str]":
    with log.open("wb") as errors:
        return subprocess.Popen(
            (sys.executable, "-m", module, *arguments),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
