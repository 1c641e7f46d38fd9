from pathlib import Path

from headwater_local.lambda_service.event_source.fakes import ManualClock
from headwater_local.ministack.monotonic_clock import MonotonicClock, kept_seconds


def test_tells_the_time(tmp_path: Path) -> None:
    machine = ManualClock(1000.5)
    clock = MonotonicClock(tmp_path / "clock", machine.now)

    first = clock()
    machine.advance(7)

    assert (first, clock()) == (1000.5, 1007.5)


def test_stands_still_until_the_machine_has_caught_up(tmp_path: Path) -> None:
    machine = ManualClock(1000.5)
    clock = MonotonicClock(tmp_path / "clock", machine.now)
    clock()

    machine.advance(-600)
    held = [clock(), clock()]
    machine.advance(601)

    assert held == [1000.5, 1000.5]
    assert clock() == 1001.5


def test_goes_on_after_a_restart_later_than_all_it_told(tmp_path: Path) -> None:
    file, machine = tmp_path / "state" / "clock", ManualClock(1000.0)
    before = MonotonicClock(file, machine.now)
    told = []
    for _ in range(50):
        told.append(before())
        machine.advance(0.3)

    machine.advance(-600)
    after = MonotonicClock(file, machine.now)

    assert int(after() * 1000) > int(max(told) * 1000)
    assert after() - max(told) <= 2


def test_writes_once_a_second_at_most(tmp_path: Path) -> None:
    file, machine = tmp_path / "clock", ManualClock(1000.0)
    clock = MonotonicClock(file, machine.now)
    clock()
    file.unlink()

    machine.advance(0.9)
    clock()

    assert not file.exists()


def test_begins_with_the_machines_time_if_the_file_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("")

    assert MonotonicClock(file, ManualClock(1000.5).now)() == 1000.5


def test_tells_the_time_if_it_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    clock = MonotonicClock(tmp_path / "file" / "clock", ManualClock(1000.5).now)

    assert clock() == 1000.5


def test_keeps_a_second_that_was_not_told_yet(tmp_path: Path) -> None:
    file = tmp_path / "clock"

    told = MonotonicClock(file, ManualClock(1000.5).now)()

    assert told < kept_seconds(file) <= told + 2
