"""The process that takes records from the stream to one function, the writer's or a sink's.

On AWS this is the event source mapping and Lambda's invocation of a function. It may be killed at
any time: what it must know is in its checkpoints.

Run as ``python -m headwater_local.lambda_service.driver``; ``driver_settings`` lists what it takes.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from headwater_local import aws_client, json_log, names
from headwater_local.lambda_service.driver_report import REPORT_SECONDS, DriverReport, Reporter
from headwater_local.lambda_service.driver_settings import Settings
from headwater_local.lambda_service.event_source.checkpoints import CheckpointFile
from headwater_local.lambda_service.event_source.kinesis_stream import KinesisStream
from headwater_local.lambda_service.event_source.on_failure import NoDestination, OnFailure
from headwater_local.lambda_service.event_source.ports import Ports, SystemClock
from headwater_local.lambda_service.event_source.s3_on_failure import S3OnFailure
from headwater_local.lambda_service.event_source.source import EventSource
from headwater_local.lambda_service.runtime_api import RuntimeApi
from headwater_local.ministack.aws import clock_file
from headwater_local.ministack.monotonic_clock import kept_seconds

TOLERATED_SECONDS = 30.0
"""Iceberg takes a commit that is up to a minute older than the one before
(``TableMetadata.ONE_MINUTE``), and refuses any that is older."""


def main() -> None:
    """Run until told to stop."""
    json_log.configure()
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, _exit)
    try:
        settings = Settings.from_environment(os.environ)
    except KeyError as error:
        sys.exit(f"The driver needs the environment variable {error}.")
    except ValueError as error:
        sys.exit(f"The driver cannot run with these settings: {error}.")
    run(settings)


def run(settings: Settings) -> None:
    """Take records from the stream to the function, for ever."""
    with RuntimeApi(
        names.LOOPBACK,
        settings.runtime_port,
        settings.timeout_seconds,
        settings.mapping.function_arn,
    ) as api:
        source = EventSource(settings.mapping, _ports(settings, api))
        clock = StreamClock(clock_file(settings.data_dir.aws_state))
        reporter = Reporter(
            settings.data_dir.driver_report(settings.consumer),
            lambda: DriverReport(
                api.ready.is_set(), api.timeouts, source.status, clock.held_until()
            ),
        )
        while True:
            wait = REPORT_SECONDS if clock.held_until() else source.step()
            reporter.keep_current()
            time.sleep(min(wait, REPORT_SECONDS))


class StreamClock:
    """This machine's clock beside the stand-in's, which never goes back.

    Until the two agree, no table accepts a commit: what is handed over would fail, and be given up
    on in the end. On the stream it is safe.
    """

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        self._file = file
        self._now = now

    def held_until(self) -> float:
        """Return when commits will be taken again (epoch seconds), 0.0 while they are."""
        until = kept_seconds(self._file) - TOLERATED_SECONDS
        return until if self._now() < until else 0.0


def _ports(settings: Settings, api: RuntimeApi) -> Ports:
    return Ports(
        stream=KinesisStream(aws_client.kinesis(settings.endpoint), settings.mapping.stream_name),
        function=api,
        checkpoints=CheckpointFile(settings.data_dir.checkpoints(settings.consumer)),
        on_failure=_on_failure(settings),
        clock=SystemClock(),
    )


def _on_failure(settings: Settings) -> OnFailure:
    bucket = settings.mapping.on_failure_bucket
    if bucket is None:
        return NoDestination()
    s3 = aws_client.s3(settings.endpoint)
    return S3OnFailure(s3, bucket, settings.failed_prefix, settings.mapping)


def _exit(_signal: int, _frame: FrameType | None) -> None:
    # Wherever this strikes: checkpoints are replaced as a whole.
    sys.exit(0)


if __name__ == "__main__":
    main()
