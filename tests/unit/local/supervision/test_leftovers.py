import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventually import eventually
from headwater_local.data_dir import DataDir
from headwater_local.supervision import guardian, leftovers
from headwater_local.supervision.processes import Command, Process
from headwater_local.supervision.run import WRITER

FOREVER = "import threading; threading.Event().wait()"


@pytest.fixture
def writer(data_dir: DataDir) -> Iterator[Process]:
    command = Command(WRITER, (sys.executable, "-c", FOREVER), dict(os.environ))
    started = Process(command, data_dir)
    yield started
    started.stop()


def test_finds_the_processes_of_a_data_directory(data_dir: DataDir, writer: Process) -> None:
    found = leftovers.find(data_dir)

    assert [process.pid for process in found["writer"]] == [writer.pid]


@pytest.mark.usefixtures("writer")
def test_leaves_those_of_another_directory_alone(tmp_path: Path) -> None:
    assert leftovers.stop_all(DataDir.at(tmp_path / "other")) == []


def test_does_not_take_a_stranger_with_an_old_pid_for_a_part(data_dir: DataDir) -> None:
    data_dir.pid_file("writer").write_text(str(os.getpid()))

    assert leftovers.stop_all(data_dir) == []
    assert not data_dir.pid_file("writer").exists()


def test_stops_what_is_left(data_dir: DataDir, writer: Process) -> None:
    assert leftovers.stop_all(data_dir) == ["writer"]
    assert writer.death() == "was killed by SIGTERM"


def test_the_guardian_stops_what_a_killed_supervisor_left(
    data_dir: DataDir, writer: Process
) -> None:
    with data_dir.lock.open("w") as lock:
        watcher = guardian.start(data_dir, lock.fileno())

    watcher.communicate()

    assert eventually(writer.death) == "was killed by SIGTERM"


def test_the_guardian_does_nothing_while_the_supervisor_lives(
    data_dir: DataDir, writer: Process
) -> None:
    with data_dir.lock.open("w") as lock:
        watcher = guardian.start(data_dir, lock.fileno())
    assert watcher.stdout is not None

    assert watcher.stdout.readline() == b"ready\n"

    assert writer.death() is None
    assert watcher.poll() is None
    watcher.communicate()
