"""The steps from nothing to a route that takes events, each said with its time."""

from collections.abc import Callable
from pathlib import Path

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from headwater_local import aws
from headwater_local.catalog_recovery import recover_catalog
from headwater_local.class_archive import archive_file, drop_old_archives
from headwater_local.disk import free_bytes, require_free_space
from headwater_local.driver_report import read_driver_report
from headwater_local.errors import InstallError, PartError
from headwater_local.processes import ENDED_WELL
from headwater_local.provision import provision
from headwater_local.run import Run
from headwater_local.supervisor import Supervisor
from headwater_local.training_ground import clear_training_ground, make_training_ground
from headwater_writer import jars

JARS_BYTES = 300 * 1024**2
ARCHIVE_BYTES = 600 * 1024**2
"""Room to ask for before a download or a dump; each takes less than half of it."""

READY_SECONDS = 30.0
WRITER_READY_SECONDS = 240.0
"""Spark starts in seconds; a busy machine takes its time."""


def install(run: Run) -> Path:
    """Fetch what the first run needs and later ones find in the cache.

    Returns:
        The interpreter that has the AWS stand-in.

    Raises:
        DiskFullError: There is too little room for it.
        InstallError: A download failed, or uv is missing.
    """
    python = aws.installed_python(run.cache)
    if python is None:
        with run.steps.step("Installed the AWS stand-in"):
            python = aws.install(run.cache, run.environment)
    with run.steps.step("Spark and Iceberg are there") as detail:
        _fetch_jars(run, detail)
    return python


def _fetch_jars(run: Run, detail: Callable[[str], None]) -> None:
    if not all((run.cache.jars / jar.file_name).exists() for jar in jars.pinned_jars()):
        require_free_space(run.cache.root, JARS_BYTES, "the download of Spark's jars")
    try:
        jars.fetch(run.cache.jars, detail)
    except (jars.JarError, OSError) as error:
        raise InstallError(f"The jars of Spark could not be fetched: {error}.") from error


def start(run: Run, supervisor: Supervisor, python: Path) -> None:
    """Start the parts in order, each when the one before is ready.

    The API comes last but for the site: its port opens when an event that is
    sent would be written.

    Raises:
        PartError: A part did not become ready.
    """
    _start_aws(run, supervisor, python)
    with run.steps.step("Started the driver"):
        run.data_dir.driver_status.unlink(missing_ok=True)
        supervisor.start(run.parts.driver())
        supervisor.wait_until(run.data_dir.driver_status.exists, "driver", READY_SECONDS)
    with run.steps.step("Started the writer"):
        supervisor.start(run.parts.writer())
        supervisor.wait_until(
            lambda: read_driver_report(run.data_dir).writer_ready, "writer", WRITER_READY_SECONDS
        )
    with run.steps.step("Started the collector"):
        supervisor.start(run.parts.collector())
        health = f"{run.ports.api_url}/health"
        supervisor.wait_until(lambda: _answers(health), "collector", READY_SECONDS)
    with run.steps.step("Started the site"):
        supervisor.start(run.parts.site())
        supervisor.wait_until(lambda: _answers(run.ports.site_url), "site", READY_SECONDS)


def _start_aws(run: Run, supervisor: Supervisor, python: Path) -> None:
    with run.steps.step("Started the AWS stand-in"):
        unsaved = run.data_dir.begin_unsaved_run()
        supervisor.start(run.parts.aws(python))
        url = run.ports.aws_url
        supervisor.wait_until(lambda: aws.is_healthy(url), "aws", READY_SECONDS)
        recovered = _provision(url)
    if unsaved:
        run.steps.say(
            "The AWS stand-in could not save its stream at the end of the last run: events that "
            "were still waiting to be written then are lost. The tables are whole."
        )
    if recovered:
        run.steps.say(f"Recovered from the lake: {', '.join(recovered)}.")


def prepare_next_start(run: Run, supervisor: Supervisor) -> None:
    """Make the class archive beside the run, so that the first start need not wait for it."""
    archive = archive_file(run.cache)
    if archive.exists() or free_bytes(run.cache.root) < ARCHIVE_BYTES:
        return
    run.cache.class_archives.mkdir(exist_ok=True)
    make_training_ground(run.ports.aws_url)

    def at_end(death: str) -> None:
        clear_training_ground(run.ports.aws_url)
        drop_old_archives(run.cache)
        ready = "The next start will be quicker: Spark's classes are archived."
        log = run.data_dir.log_file("training")
        run.steps.say(ready if death == ENDED_WELL else f"The training {death}. Log: {log}")

    supervisor.start(run.parts.training(archive), at_end)


def _provision(url: str) -> list[str]:
    try:
        provision(url)
        return recover_catalog(url)
    except (BotoCoreError, ClientError) as error:
        raise PartError(f"The AWS stand-in does not work as it should: {error}") from error


def _answers(url: str) -> bool:
    try:
        answer = httpx.get(url, timeout=2, trust_env=False)
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK
