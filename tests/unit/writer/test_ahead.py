"""Slices of a large batch are written while its later messages are shaped, and decide nothing."""

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, ParamSpec, Self, TypeVar

import pytest

from eventually import eventually
from headwater_writer import writer as writer_module
from headwater_writer.ahead import Ahead
from headwater_writer.decode import ReceivedRecord
from headwater_writer.publish.ledger import LATEST, LedgerError
from headwater_writer.publish.memory_table import Moment, Step
from headwater_writer.writer import Writer
from unit.writer.builders import MemoryLake, entry, record, sequences

P = ParamSpec("P")
T = TypeVar("T")


class Steps:
    """What a writer does with its tables, and what happens at one of its steps."""

    def __init__(self) -> None:
        self.taken: list[Step] = []
        self.number = 0
        self.happens: Callable[[], None] = fail

    def __call__(self, step: Step, moment: Moment) -> None:
        if moment == "before":
            self.taken.append(step)
            if len(self.taken) == self.number:
                self.happens()


def fail() -> None:
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


def void(_outcome: object) -> None:
    """Drop what a call returned."""


def batch(first: int, last: int) -> list[ReceivedRecord]:
    return [record(number) for number in range(first, last + 1)]


def test_slices_are_one_commit(lake: MemoryLake, steps: Steps, writer: Writer) -> None:
    writer.write(batch(2, 6))

    assert steps.taken == ["head", "stage", "stage", "stage", "swap"]
    assert sequences(lake.events) == [1, 2, 3, 4, 5, 6]


def test_nothing_is_left_to_write_of_slices_that_are_full(steps: Steps, writer: Writer) -> None:
    writer.write(batch(2, 5))

    assert steps.taken == ["head", "stage", "stage", "swap"]


def test_nothing_is_drafted_before_the_recent_events_are_read(
    lake: MemoryLake, steps: Steps
) -> None:
    lake.writer().write(batch(1, 1))

    lake.writer(steps, slice_rows=2).write(batch(2, 6))

    assert steps.taken.count("stage") == 1


def test_a_new_shard_has_no_recent_events(lake: MemoryLake, steps: Steps) -> None:
    lake.writer(steps, slice_rows=2).write(batch(1, 5))

    assert steps.taken == ["head", "stage", "stage", "stage", "swap"]


def test_nothing_is_drafted_of_a_batch_that_comes_again(
    lake: MemoryLake, steps: Steps, writer: Writer
) -> None:
    lake.writer().write(batch(2, 6))

    writer.write(batch(2, 6))

    assert "stage" not in steps.taken


def test_nothing_is_drafted_for_a_table_that_cannot_be_read(
    lake: MemoryLake, steps: Steps, writer: Writer
) -> None:
    properties = {**lake.events.metadata.properties, LATEST: "nonsense"}
    lake.events.metadata = lake.events.metadata.with_properties(properties)

    with pytest.raises(LedgerError, match="nonsense"):
        writer.write(batch(2, 6))

    assert steps.taken == ["head"]


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
    steps.number, steps.happens = 2, lambda: void(lake.writer().write([record(2)]))

    writer.write([record(3, entry("m-2")), *batch(4, 7)])

    assert steps.taken.count("stage") == 4
    assert sequences(lake.events) == [1, 2, 4, 5, 6, 7]


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_a_step_that_fails_ahead_fails_the_batch_and_loses_nothing(
    lake: MemoryLake, steps: Steps, writer: Writer, failing: int
) -> None:
    steps.number = failing

    with pytest.raises(OSError, match="no storage"):
        writer.write(batch(2, 6))
    steps.number = 0
    writer.write(batch(2, 6))

    assert sequences(lake.events) == [1, 2, 3, 4, 5, 6]


@pytest.fixture
def _uncollected() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_uncollected")
@pytest.mark.parametrize("failing", [1, 2, 3, 4, 5])
def test_nothing_of_a_batch_that_failed_stays_in_memory(
    steps: Steps, writer: Writer, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[weakref.ref[Ahead]] = []

    class Watched(Ahead):
        def __enter__(self) -> Self:
            made.append(weakref.ref(self))
            return self

    monkeypatch.setattr(writer_module, "Ahead", Watched)
    steps.number = failing

    with ThreadPoolExecutor(max_workers=1) as background:
        threaded = replace(writer, background=background)
        with pytest.raises(OSError, match="no storage"):
            threaded.write(batch(2, 6))

    assert [ahead() for ahead in made] == [None]


class Recorded(ThreadPoolExecutor):
    """A thread, and what it was given to do."""

    def __init__(self) -> None:
        super().__init__(max_workers=1)
        self.submitted: list[Future[Any]] = []

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future = super().submit(work, *args, **kwargs)
        self.submitted.append(future)
        return future


class Unshapeable(list[ReceivedRecord]):
    """Records after which something fails, not before the first draft is being written."""

    began = threading.Event()

    def __iter__(self) -> Iterator[ReceivedRecord]:
        yield from super().__iter__()
        assert self.began.wait(60)
        fail()


def test_nothing_of_a_batch_goes_on_when_it_failed(
    lake: MemoryLake, steps: Steps, writer: Writer
) -> None:
    records = Unshapeable(batch(2, 5))

    with Recorded() as background:

        def stand_still_until_the_next_is_cancelled() -> None:
            records.began.set()
            eventually(background.submitted[-1].cancelled, 60)

        steps.number, steps.happens = 2, stand_still_until_the_next_is_cancelled
        with pytest.raises(OSError, match="no storage"):
            replace(writer, background=background).write(records)
        assert all(future.done() for future in background.submitted)

    assert steps.taken == ["head", "stage"]
    assert sequences(lake.events) == [1]
