import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from headwater_local.data_dir import DataDir
from headwater_local.errors import AlreadyRunningError
from headwater_local.supervision.run_lock import run_lock


def test_refuses_a_second_run_and_names_the_first(data_dir: DataDir) -> None:
    with (
        run_lock(data_dir),
        pytest.raises(AlreadyRunningError, match=f"process {os.getpid()}"),
        run_lock(data_dir),
    ):
        pass


def test_can_be_taken_again_when_a_run_has_ended(data_dir: DataDir) -> None:
    with run_lock(data_dir):
        pass

    with run_lock(data_dir) as descriptor:
        assert os.fstat(descriptor)


def test_waits_for_the_guardian_of_a_killed_run(data_dir: DataDir) -> None:
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    with run_lock(data_dir) as descriptor:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(killed.pid).encode(), 0)
        # It inherits the lock as a guardian does, and ends when its input does.
        guardian = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(descriptor,)
        )

    with ThreadPoolExecutor(1) as other:
        next_run = other.submit(_take, data_dir)
        guardian.communicate(b"\n")

        assert next_run.result(timeout=30) == "taken"


def _take(data_dir: DataDir) -> str:
    with run_lock(data_dir):
        return "taken"
