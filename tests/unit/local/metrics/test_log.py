from pathlib import Path

import pytest

from headwater_local.metrics.log import LogFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "part.log"


def test_a_log_that_is_not_there_yet_has_no_lines(path: Path) -> None:
    assert list(LogFile(path).new_lines()) == []


def test_reads_each_line_once_and_waits_for_its_end(path: Path) -> None:
    log = LogFile(path)
    path.write_text('{"a":1}\n{"b"')
    first = list(log.new_lines())
    with path.open("a") as file:
        file.write(":2}\n")

    assert first == [{"a": 1}]
    assert list(log.new_lines()) == [{"b": 2}]
    assert list(log.new_lines()) == []


def test_leaves_out_what_is_not_an_object(path: Path) -> None:
    path.write_bytes(b'Traceback (most recent call last):\n{broken\n[1]\n\xff\n{"a":1}\n')

    assert list(LogFile(path).new_lines()) == [{"a": 1}]


def test_reads_each_object_of_threads_that_printed_at_once(path: Path) -> None:
    path.write_text('{"a":1}{"b":{"c":2}}\n\n{"d":3}\n')

    assert list(LogFile(path).new_lines()) == [{"a": 1}, {"b": {"c": 2}}, {"d": 3}]


def test_begins_anew_with_the_log_of_the_next_run(path: Path) -> None:
    log = LogFile(path)
    path.write_text('{"run":1}\n')
    assert list(log.new_lines()) == [{"run": 1}]
    path.rename(path.with_name("part.log.1"))
    path.write_text('{"run":2}\n')

    assert list(log.new_lines()) == [{"run": 2}]
