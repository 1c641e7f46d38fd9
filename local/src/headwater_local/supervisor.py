"""The supervisor: starts parts, starts the dead again, stops all in order."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from headwater_local.backoff import Backoff
from headwater_local.data_dir import DataDir
from headwater_local.errors import PartError
from headwater_local.interrupts import Interrupts
from headwater_local.processes import Command, Process, keep_last_log, last_lines

POLL_SECONDS = 0.1


@dataclass
class _Supervised:
    command: Command
    process: Process
    at_end: Callable[[str], None] | None
    backoff: Backoff = field(default_factory=Backoff)
    start_again_at: float | None = None


class Supervisor:
    """Holds the processes of one run.

    Args:
        data_dir: Where pids and logs go.
        interrupts: Put off while a process is started.
        say: Told, in a sentence, of deaths and restarts.
    """

    def __init__(
        self, data_dir: DataDir, interrupts: Interrupts, say: Callable[[str], None]
    ) -> None:
        self._data_dir = data_dir
        self._interrupts = interrupts
        self._say = say
        self._parts: dict[str, _Supervised] = {}

    def start(self, command: Command, at_end: Callable[[str], None] | None = None) -> None:
        """Start a part with a new log.

        Args:
            command: The part.
            at_end: For a part that is to end by itself: told how it did.

        Raises:
            PartError: Its program cannot be started.
        """
        keep_last_log(self._data_dir.log_file(command.part))
        with self._interrupts.shield():
            process = self._launch(command)
            self._parts[command.part] = _Supervised(command, process, at_end)

    def wait_until(self, ready: Callable[[], bool], part: str, timeout_seconds: float) -> None:
        """Wait for a part to be ready, while all parts must stay alive.

        Raises:
            PartError: One died, or the part took too long; with its last log lines.
        """
        deadline = time.monotonic() + timeout_seconds
        while not ready():
            self._require_all_alive()
            if time.monotonic() > deadline:
                raise self._failure(part, f"was not ready after {timeout_seconds:.0f} s")
            time.sleep(POLL_SECONDS)

    def watch(self) -> None:
        """Look once at every part; start again those that died when their time has come.

        Raises:
            PartError: The stand-in died. It holds the stream in memory, so an
                empty one in its place would lose events without a word.
        """
        for part in list(self._parts.values()):
            if part.start_again_at is None:
                self._look_at(part)
            elif time.monotonic() >= part.start_again_at:
                self._start_again(part)

    def kill(self, part: str) -> None:
        """End a part that hangs; `watch` starts it again."""
        self._parts[part].process.kill()

    def stop(self) -> None:
        """Stop what was started, the last first; each has its grace."""
        for part in reversed(self._parts.values()):
            part.process.stop()
        self._parts.clear()

    def _launch(self, command: Command) -> Process:
        try:
            return Process(command, self._data_dir)
        except OSError as error:
            raise PartError(
                f"The {command.part} could not be started: {error.strerror or error}."
            ) from error

    def _require_all_alive(self) -> None:
        for name, part in self._parts.items():
            if death := part.process.death():
                raise self._failure(name, death)

    def _look_at(self, part: _Supervised) -> None:
        death = part.process.death()
        if death is None:
            return
        part.process.sweep()
        if part.at_end:
            del self._parts[part.command.part]
            part.at_end(death)
        else:
            self._plan_start_again(part, death)

    def _plan_start_again(self, part: _Supervised, death: str) -> None:
        name = part.command.part
        if name == "aws":
            raise self._failure(name, death)
        delay = part.backoff.next_delay(part.process.ran_seconds)
        part.start_again_at = time.monotonic() + delay
        self._say(
            f"The {name} {death}; it is started again in {delay:g} s. "
            f"Log: {self._data_dir.log_file(name)}"
        )

    def _start_again(self, part: _Supervised) -> None:
        with self._interrupts.shield():
            part.process = self._launch(part.command)
            part.start_again_at = None
        self._say(f"The {part.command.part} runs again (process {part.process.pid}).")

    def _failure(self, part: str, what: str) -> PartError:
        log = self._data_dir.log_file(part)
        said = last_lines(log)
        return PartError(
            f"The part `{part}` {what}, so Headwater was stopped; `headwater up` starts it again. "
            f"Its log is {log}" + (f" and ends with:\n{said}" if said else " and says nothing.")
        )
