"""The steps from nothing to a route that takes events, each printed with its time."""

from collections.abc import Callable
from pathlib import Path

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from headwater_local import names
from headwater_local.errors import InstallError, PartError
from headwater_local.files import free_bytes, require_free_space
from headwater_local.lambda_service.driver_report import DriverReport
from headwater_local.ministack import aws
from headwater_local.ministack.catalog_recovery import recover_catalog
from headwater_local.ministack.provision import provision
from headwater_local.sinks.registry import SINKS
from headwater_local.supervision import part_commands, training
from headwater_local.supervision.processes import ENDED_WELL
from headwater_local.supervision.run import AWS, COLLECTOR, DRIVER, SITE, TRAINING, WRITER, Run
from headwater_local.supervision.steps import Steps
from headwater_local.supervision.supervisor import Supervisor
from headwater_writer.spark import jars

JARS_BYTES = 300 * 1024**2
ARCHIVE_BYTES = 600 * 1024**2
"""Room to ask for before a download or a dump; each takes less than half of it."""

READY_SECONDS = 30.0
WRITER_READY_SECONDS = 240.0
"""Spark starts in seconds; a busy machine takes its time."""


def install(run: Run, steps: Steps) -> Path:
    """Download what the first run needs and later ones find in the cache.

    Returned is the interpreter that has the AWS stand-in.

    Raises:
        DiskFullError: there is too little room for it.
        InstallError: a download failed, or uv is missing.
    """
    python = aws.installed_python(run.cache)
    if python is None:
        with steps.step("Installed the AWS stand-in"):
            python = aws.install(run.cache, run.environment)
    with steps.step("Spark and Iceberg are there") as detail:
        _fetch_jars(run.cache.jars, detail)
    return python


def start(run: Run, steps: Steps, supervisor: Supervisor, python: Path) -> None:
    """Start the parts in order, each when the one before is ready.

    The API comes last but for the site: its port opens when an event that is sent would be
    written.

    Raises:
        PartError: a part did not become ready.
    """
    _start_aws(run, steps, supervisor, python)
    for sink in run.sinks:
        SINKS[sink].prepare(run)
    report = run.data_dir.driver_report(names.CONSUMER_GROUP)
    with steps.step("Started the driver"):
        report.unlink(missing_ok=True)
        supervisor.start(part_commands.driver(run))
        supervisor.wait_until(report.exists, DRIVER, READY_SECONDS)
    with steps.step("Started the writer"):
        supervisor.start(part_commands.writer(run))
        supervisor.wait_until(
            lambda: DriverReport.read(report).function_ready, WRITER, WRITER_READY_SECONDS
        )
    with steps.step("Started the collector"):
        supervisor.start(part_commands.collector(run))
        health = f"{run.ports.api_url}/health"
        supervisor.wait_until(lambda: _answers(health), COLLECTOR, READY_SECONDS)
    with steps.step("Started the site"):
        supervisor.start(part_commands.site(run))
        supervisor.wait_until(lambda: _answers(run.ports.site_url), SITE, READY_SECONDS)
    for sink in run.sinks:
        with steps.step(f"Started the {sink}"):
            SINKS[sink].start(run, supervisor)


def prepare_next_start(run: Run, steps: Steps, supervisor: Supervisor) -> None:
    """Make the class archive beside the run, so that the first start need not wait for it."""
    archive = training.archive_file(run.cache)
    if archive.exists() or free_bytes(run.cache.root) < ARCHIVE_BYTES:
        return
    run.cache.cds_archives.mkdir(exist_ok=True)
    training.create_lake(run.ports.aws_url)

    def at_end(death: str) -> None:
        training.delete_lake(run.ports.aws_url)
        training.drop_old_archives(run.cache)
        ready = "The next start will be faster: Spark's classes are archived."
        log = run.data_dir.log_file(TRAINING.name)
        steps.say(ready if death == ENDED_WELL else f"The training {death}. Log: {log}")

    supervisor.start(part_commands.training_run(run, archive), at_end)


def _fetch_jars(folder: Path, detail: Callable[[str], None]) -> None:
    if not all((folder / jar.file_name).exists() for jar in jars.pinned_jars()):
        require_free_space(folder, JARS_BYTES, "the download of Spark's jars")
    try:
        jars.fetch(folder, detail)
    except (jars.JarError, OSError) as error:
        raise InstallError(f"Spark's jars could not be downloaded: {error}.") from error


def _start_aws(run: Run, steps: Steps, supervisor: Supervisor, python: Path) -> None:
    with steps.step("Started the AWS stand-in"):
        unsaved = aws.note_start(run.data_dir)
        supervisor.start(part_commands.aws_stand_in(run, python))
        url = run.ports.aws_url
        supervisor.wait_until(lambda: aws.is_healthy(url), AWS, READY_SECONDS)
        recovered = _provision(url)
    if unsaved:
        steps.say(
            "The AWS stand-in could not save its stream at the end of the last run: events that "
            "were still waiting to be written then are lost. The tables are whole."
        )
    if recovered:
        steps.say(f"Recovered from the lake: {', '.join(recovered)}.")


def _provision(url: str) -> list[str]:
    try:
        provision(url)
        return recover_catalog(url)
    except (BotoCoreError, ClientError) as error:
        raise PartError(f"The AWS stand-in failed: {error}") from error


def _answers(url: str) -> bool:
    try:
        answer = httpx.get(url, timeout=2, trust_env=False)
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK
