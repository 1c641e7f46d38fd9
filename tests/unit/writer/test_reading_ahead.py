"""``events`` is read in the background while a batch is being shaped, and for no longer."""

import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer.functions.invocation import without_gc
from headwater_writer.publish.memory_table import Phase, Step
from unit.writer.builders import MemoryLake, record, sequences


class Failing:
    """Lets the first time that a table is read fail."""

    def __init__(self) -> None:
        self.is_due = True

    def __call__(self, step: Step, moment: Phase) -> None:
        if self.is_due and (step, moment) == ("head", "before"):
            self.is_due = False
            raise OSError("no storage")


class Gate:
    """Holds a table back from being read until it opens."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.read = threading.Event()

    def __call__(self, step: Step, moment: Phase) -> None:
        if (step, moment) == ("head", "before"):
            assert self.open.wait(60)
        if (step, moment) == ("head", "after"):
            self.read.set()


class Records(list[ReceivedRecord]):
    """Records that can be watched, and that open a gate when they are read."""

    gate: Gate | None = None

    def __iter__(self) -> Iterator[ReceivedRecord]:
        if self.gate is not None:
            self.gate.open.set()
        return super().__iter__()


class Unshapeable(Records):
    """Records on which the writer fails."""

    def __iter__(self) -> Iterator[ReceivedRecord]:
        super().__iter__()
        raise OSError("no memory")


@pytest.fixture
def lake() -> MemoryLake:
    return MemoryLake()


@pytest.fixture
def background() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool


def test_shapes_a_batch_while_the_table_is_read(
    lake: MemoryLake, background: ThreadPoolExecutor
) -> None:
    records = Records([record(1), record(2)])
    records.gate = Gate()

    replace(lake.writer(records.gate), background=background).write(records)

    assert sequences(lake.events) == [1, 2]


def test_a_batch_that_fails_waits_for_what_goes_on_in_the_background(
    lake: MemoryLake, background: ThreadPoolExecutor
) -> None:
    records = Unshapeable([record(1)])
    records.gate = gate = Gate()

    with pytest.raises(OSError, match="no memory"):
        replace(lake.writer(gate), background=background).write(records)

    assert gate.read.is_set()


def test_a_table_that_cannot_be_read_fails_its_batch_and_loses_nothing(
    lake: MemoryLake, background: ThreadPoolExecutor
) -> None:
    writer = replace(lake.writer(Failing()), background=background)

    with pytest.raises(OSError, match="no storage"):
        writer.write([record(1)])
    writer.write([record(1)])

    assert sequences(lake.events) == [1]


def test_nothing_of_a_batch_that_failed_stays_in_memory(
    lake: MemoryLake, background: ThreadPoolExecutor
) -> None:
    records = Records([record(1)])
    watched = weakref.ref(records)
    writer = replace(lake.writer(Failing()), background=background)

    with without_gc():
        with pytest.raises(OSError, match="no storage"):
            writer.write(records)
        del records

        assert watched() is None
