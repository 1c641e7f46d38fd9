"""`headwater up`: the whole route on this machine, until Ctrl-C."""

import os
import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from headwater_local import aws, guardian, leftovers
from headwater_local.cache import Cache
from headwater_local.catalog import recover_catalog
from headwater_local.class_archive import archive_file, drop_old_archives
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.disk import free_bytes, require_free_space
from headwater_local.driver_report import read_driver_report
from headwater_local.errors import InstallError, PartError
from headwater_local.interrupts import Interrupted, Interrupts
from headwater_local.parts import Parts
from headwater_local.ports import Ports
from headwater_local.processes import ENDED_WELL
from headwater_local.provision import provision
from headwater_local.run_lock import run_lock
from headwater_local.steps import Steps
from headwater_local.supervisor import POLL_SECONDS, Supervisor
from headwater_local.training_ground import clear_training_ground, make_training_ground
from headwater_writer import jars

SPARE_BYTES = 256 * 1024**2
"""Below this Headwater stops: the stand-in goes on answering when its disk is
full, and what it then keeps in memory only is lost."""

JARS_BYTES = 300 * 1024**2
ARCHIVE_BYTES = 300 * 1024**2
READY_SECONDS = 30.0
WRITER_READY_SECONDS = 240.0
"""Spark starts in seconds; a busy machine and a first run take their time."""


@dataclass(frozen=True)
class Run:
    """One run of `up`: what it works on and whom it tells."""

    data_dir: DataDir
    cache: Cache
    ports: Ports
    environment: Mapping[str, str]
    steps: Steps


def up(run: Run) -> None:
    """Start all parts, keep them running, and stop them when asked to.

    Returns when Ctrl-C, SIGTERM or a closed terminal asked for the end.

    Raises:
        HeadwaterError: It could not start, or cannot go on; nothing is left running.
    """
    started = time.monotonic()
    run.data_dir.prepare()
    with run_lock(run.data_dir) as lock:
        _clear_the_ground(run)
        interrupts = Interrupts()
        supervisor = Supervisor(run.data_dir, interrupts, run.steps.say)
        with _everything_stopped_at_the_end(run, supervisor, interrupts, lock):
            parts = Parts(run.data_dir, run.cache, run.ports, run.environment)
            _start(run, supervisor, parts, _install(run))
            run.data_dir.announce(run.ports)
            run.steps.show(_what_to_do(run, time.monotonic() - started))
            _prepare_next_start(run, supervisor, parts)
            _keep_running(run, supervisor)


def _clear_the_ground(run: Run) -> None:
    if stopped := leftovers.stop_all(run.data_dir):
        run.steps.say(f"Stopped what an earlier run had left: {', '.join(stopped)}.")
    run.data_dir.withdraw()
    run.ports.require_free()
    require_free_space(run.data_dir.root, SPARE_BYTES, "Headwater")


@contextmanager
def _everything_stopped_at_the_end(
    run: Run, supervisor: Supervisor, interrupts: Interrupts, lock: int
) -> Iterator[None]:
    watcher = guardian.start(run.data_dir, lock)
    interrupts.install()
    try:
        yield
    except Interrupted:
        run.steps.say("Stopping.")
    finally:
        interrupts.ignore()
        run.data_dir.withdraw()
        with run.steps.step("Stopped everything"):
            supervisor.stop()
        watcher.communicate()


def _install(run: Run) -> Path:
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


def _start(run: Run, supervisor: Supervisor, parts: Parts, python: Path) -> None:
    _start_aws(run, supervisor, parts, python)
    with run.steps.step("Started the driver"):
        run.data_dir.driver_status.unlink(missing_ok=True)
        supervisor.start(parts.driver())
        supervisor.wait_until(run.data_dir.driver_status.exists, "driver", READY_SECONDS)
    with run.steps.step("Started the writer"):
        supervisor.start(parts.writer())
        supervisor.wait_until(
            lambda: read_driver_report(run.data_dir).writer_ready, "writer", WRITER_READY_SECONDS
        )
    with run.steps.step("Started the collector"):
        supervisor.start(parts.collector())
        health = f"{run.ports.api_url}/health"
        supervisor.wait_until(lambda: _answers(health), "collector", READY_SECONDS)
    with run.steps.step("Started the site"):
        supervisor.start(parts.site())
        supervisor.wait_until(lambda: _answers(run.ports.site_url), "site", READY_SECONDS)


def _start_aws(run: Run, supervisor: Supervisor, parts: Parts, python: Path) -> None:
    with run.steps.step("Started the AWS stand-in"):
        unsaved = run.data_dir.begin_unsaved_run()
        supervisor.start(parts.aws(python))
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


def _prepare_next_start(run: Run, supervisor: Supervisor, parts: Parts) -> None:
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

    supervisor.start(parts.training(archive), at_end)


def _provision(url: str) -> list[str]:
    try:
        provision(url)
        return recover_catalog(url)
    except (BotoCoreError, ClientError) as error:
        raise PartError(f"The AWS stand-in does not work as it should: {error}") from error


def _keep_running(run: Run, supervisor: Supervisor) -> None:
    timeouts = 0
    while True:
        supervisor.watch()
        timeouts = _end_writer_that_hangs(run, supervisor, timeouts)
        require_free_space(run.data_dir.root, SPARE_BYTES, "Headwater")
        time.sleep(POLL_SECONDS)


def _end_writer_that_hangs(run: Run, supervisor: Supervisor, seen: int) -> int:
    """Do as Lambda does, which ends the sandbox of a function that timed out."""
    now = read_driver_report(run.data_dir).function_timeouts
    if now > seen:
        supervisor.kill("writer")
    return now


def _answers(url: str) -> bool:
    try:
        answer = httpx.get(url, timeout=2, trust_env=False)
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK


def _what_to_do(run: Run, seconds: float) -> str:
    option = "" if run.data_dir == DataDir.at(DEFAULT) else _data_dir_option(run.data_dir)
    track = '{"userId": "me", "event": "hello"}'
    count = "select event_type, count(*) from events group by 1"
    return f"""
[bold]Headwater is up[/] [dim]({seconds:.1f} s)[/]. Click around on [bold]{run.ports.site_url}[/], \
or send an event yourself:

  curl {run.ports.api_url}/v1/track -H 'content-type: application/json' -d '{track}'

and see it in the table a few seconds later:

  uv run headwater query "{count}"{option}

Logs are in {run.data_dir.log_file("up").parent}. Ctrl-C stops everything and keeps the data."""


def _data_dir_option(data_dir: DataDir) -> str:
    return f" --data-dir {shlex.quote(os.path.relpath(data_dir.root))}"
