"""One run at a time on a data directory."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from headwater_local.data_dir import DataDir
from headwater_local.errors import AlreadyRunningError

HAND_OVER_SECONDS = 75.0
"""The guardian of a killed run may wait a minute for the stand-in to save."""


@contextmanager
def run_lock(data_dir: DataDir) -> Iterator[int]:
    """Hold a data directory's lock; give its file descriptor.

    If the last run was killed, wait until its guardian has stopped the rest.

    Raises:
        AlreadyRunningError: a run is going on there.
    """
    descriptor = os.open(data_dir.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(descriptor, data_dir)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, data_dir: DataDir) -> None:
    deadline = time.monotonic() + HAND_OVER_SECONDS
    while not _try(descriptor):
        holder = _holder(descriptor)
        if _alive(holder) or time.monotonic() > deadline:
            raise AlreadyRunningError(
                f"`headwater up` already runs on {data_dir.root} (process {holder}): "
                "stop it first, or choose another directory with --data-dir."
            )
        time.sleep(0.2)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> int:
    text = os.pread(descriptor, 20, 0).decode()
    return int(text) if text.isdigit() else 0


def _alive(pid: int) -> bool:
    try:
        # A zombie holds no lock: its parent has yet to hear that it was killed.
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
