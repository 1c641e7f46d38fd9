"""The supervisor with real processes, small ones."""

import os
import signal
import sys
from collections.abc import Iterator

import psutil
import pytest

from eventually import eventually
from headwater_local.data_dir import DataDir
from headwater_local.errors import PartError
from headwater_local.supervision import leftovers
from headwater_local.supervision.interrupts import Interrupts
from headwater_local.supervision.processes import Command
from headwater_local.supervision.run import AWS, DRIVER, SITE, TRAINING, WRITER, Part
from headwater_local.supervision.supervisor import RAN_WELL_SECONDS, Supervisor, deaths_in_a_row

FOREVER = "import threading; threading.Event().wait()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); {FOREVER}"
WITH_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {FOREVER!r}]).wait()"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(data_dir: DataDir, said: list[str]) -> Iterator[Supervisor]:
    started = Supervisor(data_dir, Interrupts(), said.append)
    yield started
    started.stop()


def _python(part: Part, code: str) -> Command:
    return Command(part, (sys.executable, "-u", "-c", code), dict(os.environ))


def _pid(data_dir: DataDir, part: Part) -> int:
    return int(data_dir.pid_file(part.name).read_text())


def _restarted(supervisor: Supervisor, data_dir: DataDir, part: Part, old: int) -> int:
    def look() -> int:
        supervisor.watch()
        file = data_dir.pid_file(part.name)
        new = int(file.read_text()) if file.exists() else old
        return new if new != old else 0

    return eventually(look)


def test_the_pid_of_a_part_is_in_its_file(supervisor: Supervisor, data_dir: DataDir) -> None:
    supervisor.start(_python(SITE, FOREVER))

    assert psutil.Process(_pid(data_dir, SITE)).is_running()


def test_starts_a_part_that_was_killed_again_and_says_so(
    supervisor: Supervisor, data_dir: DataDir, said: list[str]
) -> None:
    supervisor.start(_python(WRITER, FOREVER))
    old = _pid(data_dir, WRITER)

    os.kill(old, signal.SIGKILL)
    new = _restarted(supervisor, data_dir, WRITER, old)

    assert psutil.Process(new).is_running()
    assert said[0].startswith("The writer was killed by SIGKILL; it is restarted in 0.5 s.")
    assert said[1] == f"The writer runs again (process {new})."


def test_a_good_run_makes_up_for_the_deaths_before() -> None:
    assert deaths_in_a_row(4, RAN_WELL_SECONDS - 1) == 5
    assert deaths_in_a_row(4, RAN_WELL_SECONDS) == 1


def test_what_a_dead_part_had_started_goes_with_it(
    supervisor: Supervisor, data_dir: DataDir
) -> None:
    supervisor.start(_python(WRITER, WITH_CHILD))
    parent = psutil.Process(_pid(data_dir, WRITER))
    child = eventually(parent.children)[0]

    os.kill(parent.pid, signal.SIGKILL)
    _restarted(supervisor, data_dir, WRITER, parent.pid)

    eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_part_that_cannot_be_replaced_ends_the_run(
    supervisor: Supervisor, data_dir: DataDir
) -> None:
    supervisor.start(_python(AWS, FOREVER))
    os.kill(_pid(data_dir, AWS), signal.SIGKILL)

    with pytest.raises(PartError, match="`aws` was killed by SIGKILL"):
        eventually(supervisor.watch)


def test_a_part_that_cannot_start_is_shown_with_its_last_words(
    supervisor: Supervisor, data_dir: DataDir
) -> None:
    supervisor.start(_python(WRITER, "raise SystemExit('no jars in JARS_DIR')"))

    with pytest.raises(PartError) as raised:
        supervisor.wait_until(lambda: False, WRITER, 30.0)

    assert "`writer` ended with exit code 1" in str(raised.value)
    assert str(data_dir.log_file("writer")) in str(raised.value)
    assert str(raised.value).endswith("no jars in JARS_DIR")


def test_a_part_that_takes_too_long_is_an_error(supervisor: Supervisor) -> None:
    supervisor.start(_python(DRIVER, FOREVER))

    with pytest.raises(PartError, match="`driver` was not ready after 0 s"):
        supervisor.wait_until(lambda: False, DRIVER, 0.0)


def test_a_program_that_is_not_there_is_an_error(supervisor: Supervisor) -> None:
    with pytest.raises(PartError, match="site could not be started: No such file"):
        supervisor.start(Command(SITE, ("/no/such/program",), {}))


def test_a_part_that_is_to_end_is_not_started_again(
    supervisor: Supervisor, data_dir: DataDir
) -> None:
    ends: list[str] = []
    supervisor.start(_python(TRAINING, "pass"), ends.append)

    eventually(lambda: _ends_after_a_look(supervisor, ends))

    assert ends == ["ended with exit code 0"]
    assert not data_dir.pid_file("training").exists()


def _ends_after_a_look(supervisor: Supervisor, ends: list[str]) -> list[str]:
    supervisor.watch()
    return ends


def test_stops_everything_and_leaves_no_pid_file(supervisor: Supervisor, data_dir: DataDir) -> None:
    supervisor.start(_python(AWS, FOREVER))
    supervisor.start(_python(WRITER, WITH_CHILD))

    supervisor.stop()

    assert leftovers.find(data_dir) == {}
    assert list(data_dir.lock.parent.glob("*.pid")) == []


def test_kills_a_part_that_does_not_stop_in_its_grace(
    supervisor: Supervisor, data_dir: DataDir
) -> None:
    supervisor.start(_python(Part("site", grace_seconds=0.1), STUBBORN))
    eventually(lambda: "deaf" in data_dir.log_file("site").read_text())

    supervisor.stop()

    assert leftovers.find(data_dir) == {}


def test_the_log_of_the_last_run_stays_beside_the_new_one(
    supervisor: Supervisor, data_dir: DataDir
) -> None:
    data_dir.log_file("site").write_text("last run")

    supervisor.start(_python(SITE, FOREVER))

    assert data_dir.log_file("site").with_name("site.log.1").read_text() == "last run"
