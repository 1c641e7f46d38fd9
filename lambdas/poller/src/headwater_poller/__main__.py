"""The container's process: ``python -m headwater_poller [--once]``.

With ``--once`` the exit code says whether the poll completed; without, it polls until SIGTERM.
"""

import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config as ClientConfig

from headwater_collector.kinesis import CLIENT_CONFIG, KinesisStream
from headwater_documents.document import DocumentError
from headwater_documents.source import read_text
from headwater_poller.loop import Poller
from headwater_poller.parse import parse
from headwater_poller.poll import utc_now
from headwater_poller.settings import Settings, SettingsError
from headwater_poller.stores import FileStore, S3Store, Store
from headwater_poller.telemetry import SERVICE, Telemetry

_CONFIG = ClientConfig(
    connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 5}
)


def main(arguments: list[str]) -> int:
    """Poll; return the exit code."""
    logger = Logger(service=SERVICE)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        poller = _poller(Settings.from_environment(os.environ), stop, logger)
    except (SettingsError, DocumentError) as error:
        logger.error(str(error))  # noqa: TRY400 -- a sentence that explains itself
        return 2
    if arguments == ["--once"]:
        return 1 if poller.poll().failure else 0
    poller.run()
    return 0


def _poller(settings: Settings, stop: threading.Event, logger: Logger) -> Poller:
    client: Any = partial(boto3.client, region_name=settings.region, config=_CONFIG)
    config = parse(read_text(settings.config, partial(client, "s3")))
    kinesis = boto3.client("kinesis", region_name=settings.region, config=CLIENT_CONFIG)
    return Poller(
        config=config,
        stream=KinesisStream(kinesis, settings.stream_name),
        store=_store(settings.state, config.id, partial(client, "s3")),
        report=Telemetry(logger, settings.metrics_namespace, config.id, utc_now).report,
        stop=stop,
        environment=os.environ,
        secrets_manager=partial(client, "secretsmanager"),
    )


def _store(folder: str, source: str, s3: Any) -> Store:  # noqa: ANN401 -- makes a client
    if folder.startswith("s3://"):
        return S3Store.at(s3(), f"{folder}/{source}.json")
    return FileStore(Path(folder) / f"{source}.json")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
