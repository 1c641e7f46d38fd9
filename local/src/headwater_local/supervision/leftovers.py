"""Processes that a run left behind, found by the mark in their environment.

A pid file alone could name another process that got the number since. The mark
(data directory and part) cannot: every process of a part inherits it.
"""

import contextlib
import time
from collections.abc import Iterable, Iterator

import psutil

from headwater_local.data_dir import DataDir
from headwater_local.supervision.processes import DATA_DIR_VARIABLE, PART_VARIABLE
from headwater_local.supervision.run import STOP_ORDER

KILLED_SECONDS = 5.0
"""How long a killed process may take to be gone: the system has its memory to free."""

POLL_SECONDS = 0.05


def part_of(process: psutil.Process, data_dir: DataDir) -> str | None:
    """Return the name of the part of this data directory that a process belongs to, if any."""
    try:
        environment = process.environ()
    except (psutil.Error, OSError):
        return None
    if environment.get(DATA_DIR_VARIABLE) != str(data_dir.root):
        return None
    return environment.get(PART_VARIABLE)


def find(data_dir: DataDir) -> dict[str, list[psutil.Process]]:
    """Return the living processes of a data directory by the name of their part."""
    found: dict[str, list[psutil.Process]] = {}
    for process in _others():
        if part := part_of(process, data_dir):
            found.setdefault(part, []).append(process)
    return found


def stop_all(data_dir: DataDir) -> list[str]:
    """Stop whatever runs on a data directory, in order, and drop the pid files.

    Returned are the names of the parts that were running.
    """
    found = find(data_dir)
    for part in STOP_ORDER:
        _stop(found.get(part.name, []), part.grace_seconds)
        data_dir.pid_file(part.name).unlink(missing_ok=True)
    return [part.name for part in STOP_ORDER if part.name in found]


def _others() -> Iterator[psutil.Process]:
    own = psutil.Process().pid
    return (process for process in psutil.process_iter() if process.pid != own)


def _stop(processes: Iterable[psutil.Process], grace_seconds: float) -> None:
    asked = list(processes)
    for process in asked:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    for process in _still_alive_after(asked, grace_seconds):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    _still_alive_after(asked, KILLED_SECONDS)


def _still_alive_after(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait until all are gone, or the time is up; a zombie counts as gone."""
    deadline = time.monotonic() + seconds
    while alive := [process for process in processes if _is_alive(process)]:
        if time.monotonic() > deadline:
            return alive
        time.sleep(POLL_SECONDS)
    return []


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
