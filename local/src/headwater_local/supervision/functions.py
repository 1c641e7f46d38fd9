"""The writer's other functions, maintenance and replay, invoked on the lake of a running Headwater.

As ``aws lambda invoke`` does on AWS: a JSON event goes in, the function's answer comes out, and
beside it its log. The process is started for one event, with AWS's own runtime client.
"""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

from headwater_local import names
from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.errors import FunctionFailedError
from headwater_local.lambda_service.event_source.function import (
    FunctionError,
    FunctionUnavailableError,
)
from headwater_local.lambda_service.runtime_api import RuntimeApi
from headwater_local.ministack import aws
from headwater_local.supervision.processes import Command, keep_last_log, kill_group, last_lines
from headwater_local.supervision.run import Run

TIMEOUT_SECONDS: Final = 900.0
"""How long an invocation may take, as on AWS: shorter than a lease lasts."""

STOP_SECONDS: Final = 30.0
"""How long an interrupted function may take to release its lease."""

EXIT_ERROR: Final = "Runtime.ExitError"
"""Lambda's error type for a process that ended without an answer."""

LogRecord: TypeAlias = Mapping[str, Any]


def invoke(
    data_dir: DataDir,
    function: Callable[[Run], Command],
    event: Mapping[str, Any],
    tell: Callable[[LogRecord], None],
) -> Any:  # noqa: ANN401 -- any JSON value
    """Invoke a function of ``part_commands`` and return what it answers.

    ``tell`` hears of each record of its log, in a thread of its own.

    Raises:
        NotRunningError: nothing runs on the data directory.
        FunctionFailedError: the function failed, or its process did.
    """
    ports = data_dir.running_ports()
    if not aws.is_healthy(ports.aws_url):
        raise data_dir.not_running()
    command = function(Run(data_dir, Cache.from_environment(os.environ), ports, os.environ))
    log = data_dir.log_file(command.part.name)
    keep_last_log(log)
    try:
        return invoke_once(command, event, log, tell)
    except FunctionUnavailableError as error:
        raise FunctionFailedError(_dead(command, log)) from error
    except FunctionError as error:
        if error.error_type == EXIT_ERROR:
            raise FunctionFailedError(_dead(command, log)) from error
        raise FunctionFailedError(
            f"The {command.part.name} function failed: {error.message}. Its log is {log}."
        ) from error


def _dead(command: Command, log: Path) -> str:
    return (
        f"The {command.part.name} function's process ended without an answer. Its log is {log} and "
        f"ends with:\n{last_lines(log)}"
    )


def invoke_once(
    command: Command, event: Mapping[str, Any], log: Path, tell: Callable[[LogRecord], None]
) -> Any:  # noqa: ANN401 -- any JSON value
    """Start a function's process, invoke it once, and end it.

    Raises:
        FunctionError: the function failed, or ended before it was ready.
        FunctionUnavailableError: it ended between being ready and taking the event.
    """
    with (
        RuntimeApi(names.LOOPBACK, 0, TIMEOUT_SECONDS) as api,
        _process(command, api.port, log, tell) as process,
    ):
        while not api.ready.wait(0.1):
            if process.poll() is not None:
                raise FunctionError(EXIT_ERROR, "its process ended before it was ready")
        return api.invoke(event)


@contextmanager
def _process(
    command: Command, port: int, log: Path, tell: Callable[[LogRecord], None]
) -> Iterator["subprocess.Popen[str]"]:
    address = {"AWS_LAMBDA_RUNTIME_API": f"{names.LOOPBACK}:{port}"}
    with subprocess.Popen(
        command.arguments,
        env={**command.environment, **address},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        reader = threading.Thread(target=_follow, args=(process, log, tell))
        reader.start()
        try:
            yield process
        except KeyboardInterrupt:
            _interrupt(process)
            raise
        finally:
            kill_group(process.pid)
            reader.join()


def _interrupt(process: "subprocess.Popen[str]") -> None:
    # Only Python, not its Java, through which it releases its lease.
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        return  # What it still holds is killed next; its lease runs out by itself.


def _follow(process: "subprocess.Popen[str]", log: Path, tell: Callable[[LogRecord], None]) -> None:
    with log.open("w") as file:
        for line in process.stdout or ():
            file.write(line)
            file.flush()
            if line.startswith("{"):
                tell(_record(line))


def _record(line: str) -> LogRecord:
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}
