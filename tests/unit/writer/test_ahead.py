"""Slices of a large batch are written while its later messages are shaped, and decide nothing."""

import pytest

from headwater_writer.decode import ReceivedRecord
from headwater_writer.publish.memory_table import Moment, Step
from headwater_writer.writer import Writer
from unit.writer.builders import MemoryLake, entry, record, sequences


class Steps:
    """What a writer does with its tables, and at which of its steps it fails."""

    def __init__(self) -> None:
        self.taken: list[Step] = []
        self.failing: int | None = None

    def __call__(self, step: Step, moment: Moment) -> None:
        if moment == "before":
            self.taken.append(step)
            if len(self.taken) == self.failing:
                raise OSError("no storage")


@pytest.fixture
def lake() -> MemoryLake:
    return MemoryLake()


@pytest.fixture
def steps() -> Steps:
    return Steps()


@pytest.fixture
def writer(lake: MemoryLake, steps: Steps) -> Writer:
    """A writer that knows the shard, with slices of two rows."""
    writer = lake.writer(steps, slice_rows=2)
    writer.write(batch(1, 1))
    steps.taken.clear()
    return writer


def batch(first: int, last: int) -> list[ReceivedRecord]:
    return [record(number) for number in range(first, last + 1)]


def test_slices_are_one_commit(lake: MemoryLake, steps: Steps, writer: Writer) -> None:
    writer.write(batch(2, 6))

    assert steps.taken == ["head", "stage", "stage", "stage", "swap"]
    assert sequences(lake.events) == [1, 2, 3, 4, 5, 6]


def test_nothing_is_left_to_write_of_slices_that_are_full(steps: Steps, writer: Writer) -> None:
    writer.write(batch(2, 5))

    assert steps.taken == ["head", "stage", "stage", "swap"]


def test_nothing_is_drafted_before_a_shard_is_known(lake: MemoryLake, steps: Steps) -> None:
    lake.writer(steps, slice_rows=2).write(batch(1, 5))

    assert steps.taken.count("stage") == 1


def test_nothing_is_drafted_of_a_batch_that_comes_again(steps: Steps, writer: Writer) -> None:
    writer.write(batch(2, 6))
    steps.taken.clear()

    writer.write(batch(2, 6))

    assert "stage" not in steps.taken


def test_a_draft_leaves_out_what_is_known_as_a_repeat(
    lake: MemoryLake, steps: Steps, writer: Writer
) -> None:
    repeats = [record(4, entry("m-1")), record(5, entry("m-2"))]

    writer.write([*batch(2, 3), *repeats, record(6)])

    assert steps.taken == ["head", "stage", "stage", "swap"]
    assert sequences(lake.events) == [1, 2, 3, 6]


def test_a_draft_with_what_another_writer_wrote_is_not_taken(
    lake: MemoryLake, steps: Steps, writer: Writer
) -> None:
    lake.writer().write([record(2)])

    writer.write([record(3, entry("m-2")), *batch(4, 7)])

    assert steps.taken.count("stage") == 3
    assert sequences(lake.events) == [1, 2, 4, 5, 6, 7]


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_a_step_that_fails_ahead_fails_the_batch_and_loses_nothing(
    lake: MemoryLake, steps: Steps, writer: Writer, failing: int
) -> None:
    steps.failing = failing

    with pytest.raises(OSError, match="no storage"):
        writer.write(batch(2, 6))
    steps.failing = None
    writer.write(batch(2, 6))

    assert sequences(lake.events) == [1, 2, 3, 4, 5, 6]
