"""A run of the whole route, from the start of the first part to the end of the last."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from headwater_local import names
from headwater_local.data_dir import DataDir
from headwater_local.files import require_free_space
from headwater_local.lambda_service.driver_report import DriverReport
from headwater_local.supervision import guardian, leftovers
from headwater_local.supervision.interrupts import Interrupted, Interrupts
from headwater_local.supervision.run import WRITER, Part, Run
from headwater_local.supervision.run_lock import run_lock
from headwater_local.supervision.startup import install, prepare_next_start, start
from headwater_local.supervision.steps import Steps
from headwater_local.supervision.supervisor import POLL_SECONDS, Supervisor

SPARE_BYTES = 256 * 1024**2
"""Below this Headwater stops: the stand-in keeps answering when its disk is full,
and what it then has only in memory is lost."""


def up(run: Run, steps: Steps, what_to_try: Callable[[float], str]) -> None:
    """Start all parts, keep them running, and stop them when asked to.

    ``what_to_try`` is shown when the route is up: a text, given the seconds that the start took.
    Returns when Ctrl-C, SIGTERM or a closed terminal asked for the end.

    Raises:
        HeadwaterError: it could not start, or cannot go on; nothing is left running.
    """
    started = time.monotonic()
    run.data_dir.prepare()
    with run_lock(run.data_dir) as lock:
        _clean_up(run, steps)
        run.data_dir.keep_tracking_plan(run.tracking_plan)
        interrupts = Interrupts()
        supervisor = Supervisor(run.data_dir, interrupts, steps.say)
        with _stopping_everything(run.data_dir, steps, supervisor, interrupts, lock):
            start(run, steps, supervisor, install(run, steps))
            run.data_dir.announce(run.ports)
            steps.show(what_to_try(time.monotonic() - started))
            prepare_next_start(run, steps, supervisor)
            _keep_running(run, supervisor, steps)


def _clean_up(run: Run, steps: Steps) -> None:
    if stopped := leftovers.stop_all(run.data_dir):
        steps.say(f"Stopped what an earlier run had left: {', '.join(stopped)}.")
    run.data_dir.withdraw()
    run.ports.require_free()
    require_free_space(run.data_dir.root, SPARE_BYTES, "Headwater")


@contextmanager
def _stopping_everything(
    data_dir: DataDir, steps: Steps, supervisor: Supervisor, interrupts: Interrupts, lock: int
) -> Iterator[None]:
    watcher = guardian.start(data_dir, lock)
    interrupts.install()
    try:
        yield
    except Interrupted:
        steps.say("Stopping.")
    finally:
        interrupts.ignore()
        data_dir.withdraw()
        with steps.step("Stopped everything"):
            supervisor.stop()
        watcher.communicate()


def _keep_running(run: Run, supervisor: Supervisor, steps: Steps) -> None:
    data_dir = run.data_dir
    consumers = {names.CONSUMER_GROUP: WRITER} | {sink: Part(sink) for sink in run.sinks}
    reports = dict.fromkeys(consumers, DriverReport())
    while True:
        supervisor.watch()
        for consumer, part in consumers.items():
            before, report = reports[consumer], DriverReport.read(data_dir.driver_report(consumer))
            # As Lambda does, which ends the sandbox of a function that timed out.
            if report.function_timeouts > before.function_timeouts:
                supervisor.kill(part)
            if report.held_until != before.held_until and part is WRITER:
                steps.say(about_the_clock(report.held_until, time.time()))
            reports[consumer] = report
        require_free_space(data_dir.root, SPARE_BYTES, "Headwater")
        time.sleep(POLL_SECONDS)


def about_the_clock(held_until: float, now: float) -> str:
    """Return what it means that the clock was set back, or that it has caught up."""
    if not held_until:
        return "The clock has caught up: events are written again."
    minutes = math.ceil((held_until - now) / 60)
    return (
        f"The clock of this machine was set back: no table accepts a commit for {minutes} minutes, "
        "until it has caught up. Events are accepted meanwhile, and written then. If the clock is "
        "wrong now, correct it; if it was wrong before, wait."
    )
