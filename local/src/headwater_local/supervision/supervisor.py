"""The supervisor: starts parts, restarts those that died, stops all in order."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from headwater_local.backoff import backoff_seconds
from headwater_local.data_dir import DataDir
from headwater_local.errors import PartError
from headwater_local.supervision.interrupts import Interrupts
from headwater_local.supervision.processes import Command, Process, keep_last_log, last_lines
from headwater_local.supervision.run import Part

POLL_SECONDS = 0.1
FIRST_PAUSE_SECONDS = 0.5
"""Before a part that died is restarted; doubled each time."""

RAN_WELL_SECONDS = 60.0
"""After a part has run this long, earlier deaths are forgotten."""


def deaths_in_a_row(before: int, ran_seconds: float) -> int:
    """Return the number of deaths in a row after one more, of a part that had run so long."""
    return 1 if ran_seconds >= RAN_WELL_SECONDS else before + 1


@dataclass
class _Supervised:
    command: Command
    process: Process
    at_end: Callable[[str], None] | None
    deaths: int = 0
    restart_at: float | None = None


class Supervisor:
    """Holds the processes of one run.

    Pids and logs go to the data directory. Interrupts are put off while a process is started.
    ``say`` prints a sentence about deaths and restarts.
    """

    def __init__(
        self, data_dir: DataDir, interrupts: Interrupts, say: Callable[[str], None]
    ) -> None:
        self._data_dir = data_dir
        self._interrupts = interrupts
        self._say = say
        self._parts: dict[Part, _Supervised] = {}

    def start(self, command: Command, at_end: Callable[[str], None] | None = None) -> None:
        """Start a part with a new log.

        One that is to end by itself has an ``at_end``, which is called with how it did.

        Raises:
            PartError: its program cannot be started.
        """
        keep_last_log(self._data_dir.log_file(command.part.name))
        with self._interrupts.shield():
            process = self._launch(command)
            self._parts[command.part] = _Supervised(command, process, at_end)

    def wait_until(self, ready: Callable[[], bool], part: Part, timeout_seconds: float) -> None:
        """Wait for a part to be ready, while all parts must stay alive.

        Raises:
            PartError: one died, or the part took too long; with its last log lines.
        """
        deadline = time.monotonic() + timeout_seconds
        while not ready():
            self._require_all_alive()
            if time.monotonic() > deadline:
                raise self._failure(part, f"was not ready after {timeout_seconds:.0f} s")
            time.sleep(POLL_SECONDS)

    def watch(self) -> None:
        """Check every part once; restart those that died when it is time.

        Raises:
            PartError: one died that cannot be restarted.
        """
        for supervised in list(self._parts.values()):
            if supervised.restart_at is None:
                self._look_at(supervised)
            elif time.monotonic() >= supervised.restart_at:
                self._restart(supervised)

    def kill(self, part: Part) -> None:
        """Kill a part that hangs; ``watch`` restarts it."""
        self._parts[part].process.kill()

    def stop(self) -> None:
        """Stop what was started, the last first; each has its grace."""
        for supervised in reversed(self._parts.values()):
            supervised.process.stop()
        self._parts.clear()

    def _launch(self, command: Command) -> Process:
        try:
            return Process(command, self._data_dir)
        except OSError as error:
            raise PartError(
                f"The {command.part.name} could not be started: {error.strerror or error}."
            ) from error

    def _require_all_alive(self) -> None:
        for part, supervised in self._parts.items():
            if death := supervised.process.death():
                raise self._failure(part, death)

    def _look_at(self, supervised: _Supervised) -> None:
        death = supervised.process.death()
        if death is None:
            return
        supervised.process.sweep()
        if supervised.at_end:
            del self._parts[supervised.command.part]
            supervised.at_end(death)
        else:
            self._plan_restart(supervised, death)

    def _plan_restart(self, supervised: _Supervised, death: str) -> None:
        part = supervised.command.part
        if not part.restartable:
            raise self._failure(part, death)
        supervised.deaths = deaths_in_a_row(supervised.deaths, supervised.process.ran_seconds)
        delay = backoff_seconds(supervised.deaths, FIRST_PAUSE_SECONDS)
        supervised.restart_at = time.monotonic() + delay
        self._say(
            f"The {part.name} {death}; it is restarted in {delay:g} s. "
            f"Log: {self._data_dir.log_file(part.name)}"
        )

    def _restart(self, supervised: _Supervised) -> None:
        with self._interrupts.shield():
            supervised.process = self._launch(supervised.command)
            supervised.restart_at = None
        self._say(
            f"The {supervised.command.part.name} runs again (process {supervised.process.pid})."
        )

    def _failure(self, part: Part, what: str) -> PartError:
        log = self._data_dir.log_file(part.name)
        said = last_lines(log)
        return PartError(
            f"The part `{part.name}` {what}, so Headwater was stopped. Its log is {log}"
            + (f" and ends with:\n{said}" if said else " and is empty.")
        )
