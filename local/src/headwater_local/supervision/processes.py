"""Starting and stopping the process of one part.

Each part leads a session of its own, so that Ctrl-C in the terminal reaches
the supervisor alone, which stops the parts in order. Its environment names
the data directory and the part: that is how its processes, and what they
started, are known again when the supervisor is gone.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from headwater_local.data_dir import DataDir
from headwater_local.files import replace_file
from headwater_local.supervision.run import Part

PART_VARIABLE = "HEADWATER_PART"
DATA_DIR_VARIABLE = "HEADWATER_DATA_DIR"
ENDED_WELL = "ended with exit code 0"


@dataclass(frozen=True)
class Command:
    """What to run for a part: program and arguments, and the whole environment of the process."""

    part: Part
    arguments: tuple[str, ...]
    environment: Mapping[str, str]


class Process:
    """A running part: its pid is in its pid file until it has stopped."""

    def __init__(self, command: Command, data_dir: DataDir) -> None:
        """Start the process, its output appended to the part's log.

        Raises:
            OSError: the program cannot be started.
        """
        self.command = command
        self._pid_file = data_dir.pid_file(command.part.name)
        self._started = time.monotonic()
        self._popen = _spawn(command, data_dir)
        replace_file(self._pid_file, f"{self._popen.pid}\n")

    @property
    def pid(self) -> int:
        """The process id, also of its session and process group."""
        return self._popen.pid

    @property
    def ran_seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def death(self) -> str | None:
        """Return how the process ended, such as ``was killed by SIGKILL``; None while it runs."""
        status = self._popen.poll()
        if status is None:
            return None
        return _signal_name(-status) if status < 0 else f"ended with exit code {status}"

    def kill(self) -> None:
        """Kill the process."""
        self._popen.kill()

    def stop(self) -> None:
        """Ask the process to stop, wait its grace, then kill what is left of its group."""
        self._popen.terminate()
        try:
            self._popen.wait(self.command.part.grace_seconds)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        self.sweep()

    def sweep(self) -> None:
        """Kill what a dead process left behind (the writer's JVM) and drop its pid file."""
        kill_group(self.pid)
        self._pid_file.unlink(missing_ok=True)


def kill_group(group: int) -> None:
    """Kill every process of a group; none left is fine."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # macOS answers "permission denied" for a group of zombies.
        return


def keep_last_log(log: Path) -> None:
    """Begin a new log; the one of the last run stays beside it."""
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))


def last_lines(log: Path, count: int = 12) -> str:
    """Return the end of a log, of which at most 16 KB is read."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16 * 1024))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-count:])


def _spawn(command: Command, data_dir: DataDir) -> subprocess.Popen[bytes]:
    marks = {PART_VARIABLE: command.part.name, DATA_DIR_VARIABLE: str(data_dir.root)}
    with data_dir.log_file(command.part.name).open("ab") as log:
        return subprocess.Popen(
            command.arguments,
            env={**command.environment, **marks},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _signal_name(number: int) -> str:
    return f"was killed by {signal.Signals(number).name}"
