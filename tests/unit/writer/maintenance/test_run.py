import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from headwater_writer.maintenance import lease
from headwater_writer.maintenance.errors import (
    LeaseHeldError,
    MaintenanceError,
    StepError,
    TableGoneError,
)
from headwater_writer.maintenance.properties import MemoryProperties, Version
from headwater_writer.maintenance.report import Size, StepReport
from headwater_writer.maintenance.run import MAX_CUT_OFFS, RESERVE_SECONDS, TRIES, Worker
from headwater_writer.maintenance.schedule import Counts, Step

START = datetime(2026, 1, 31, 13, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Table(MemoryProperties):
    """A table that holds nothing but properties."""

    name = "events"

    def size(self) -> Size:
        return Size(0, 0, 0, 0)


@dataclass
class World:
    """A clock, and what was done while it stood."""

    now: datetime = START
    ends: datetime | None = None
    log: list[str] = field(default_factory=list)

    def worker(self, holder: str = "me") -> Worker:
        return Worker(
            holder, lambda: self.now, self.seconds_left, self.within, lambda _table, _step: None
        )

    def seconds_left(self) -> float:
        return (self.ends - self.now).total_seconds() if self.ends else math.inf

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        self.log.append(f"within {seconds:.0f}")
        yield

    def step(self, name: str, work: Callable[[datetime], Counts] | None = None) -> Step:
        def noted(now: datetime) -> Counts:
            self.log.append(name)
            return work(now) if work else {"done": 1}

        return Step(name, HOUR, noted)

    def did(self) -> list[str]:
        return [entry for entry in self.log if not entry.startswith("within")]


def failing(times: int) -> Callable[[datetime], Counts]:
    left = iter([True] * times)

    def work(_now: datetime) -> Counts:
        if next(left, False):
            raise StepError("a commit came between")
        return {"done": 1}

    return work


def test_does_every_step_the_first_time() -> None:
    world, table = World(), Table()

    report = world.worker().maintain(table, [world.step("a"), world.step("b")])

    assert world.did() == ["a", "b"]
    assert report.steps == [
        StepReport("a", "done", 0, {"done": 1}),
        StepReport("b", "done", 0, {"done": 1}),
    ]
    assert report.refused is None
    assert not report.failed


def test_does_again_only_what_is_due() -> None:
    world, table = World(), Table()
    hourly = world.step("hourly")
    daily = Step("daily", timedelta(days=1), world.step("daily").work)
    world.worker().maintain(table, [hourly, daily])

    world.now += HOUR
    world.worker().maintain(table, [hourly, daily])

    assert world.did() == ["hourly", "daily", "hourly"]


def test_does_again_what_was_done_by_a_clock_that_was_ahead() -> None:
    world, table = World(), Table()
    world.now += 10 * HOUR
    world.worker().maintain(table, [world.step("a")])

    world.now -= 10 * HOUR
    world.worker().maintain(table, [world.step("a")])

    assert world.did() == ["a", "a"]


def test_skips_no_turn_of_a_schedule_that_strikes_early() -> None:
    world, table = World(), Table()
    world.worker().maintain(table, [world.step("a")])

    world.now += HOUR - timedelta(seconds=50)
    world.worker().maintain(table, [world.step("a")])

    assert world.did() == ["a", "a"]


def test_does_the_wanted_steps_whether_due_or_not() -> None:
    world, table = World(), Table()
    steps = [world.step("a"), world.step("b")]
    world.worker().maintain(table, steps)

    world.worker().maintain(table, steps, wanted=["b"])

    assert world.did() == ["a", "b", "b"]


def test_does_sooner_what_is_urgent() -> None:
    world, table = World(), Table()
    pressed = iter([False, True, False])
    step = replace(world.step("a"), is_urgent=lambda: next(pressed))

    for _ in range(4):
        world.worker().maintain(table, [step, world.step("b")])

    assert world.did() == ["a", "b", "a"]


def test_leaves_a_table_alone_that_another_works_on() -> None:
    world, table = World(), Table()
    table.properties = lease.taken({}, "other", START)

    report = world.worker().maintain(table, [world.step("a")])

    assert world.did() == []
    assert report.refused is not None
    assert report.refused.startswith("other is working on it")
    assert table.properties == lease.taken({}, "other", START)


def test_never_works_beside_another() -> None:
    world, table = World(), Table()
    refusals = []

    def meet(_now: datetime) -> Counts:
        with pytest.raises(LeaseHeldError):
            lease.taken(table.properties, "other", world.now)
        refusals.append(world.worker("other").maintain(table, [world.step("b")]).refused)
        return {}

    world.worker().maintain(table, [world.step("a", meet)])

    assert world.did() == ["a"]
    assert len(refusals) == 1
    assert refusals[0] is not None


def test_gives_the_lease_back() -> None:
    world, table = World(), Table()

    world.worker().maintain(table, [world.step("a")])

    assert lease.PROPERTY not in table.properties


def test_gives_the_lease_back_when_it_is_stopped() -> None:
    world, table = World(), Table()

    def stopped(_now: datetime) -> Counts:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.worker().maintain(table, [world.step("a", stopped)])

    assert table.properties == {}


def test_takes_over_from_a_holder_that_died() -> None:
    world, table = World(), Table()
    table.properties = lease.taken({}, "dead", START)

    world.now += lease.DURATION
    world.worker().maintain(table, [world.step("a")])

    assert world.did() == ["a"]


def test_stops_when_another_took_its_lease() -> None:
    world, table = World(), Table()

    def long_pause(_now: datetime) -> Counts:
        world.now += 2 * lease.DURATION
        table.properties = lease.taken(table.properties, "other", world.now)
        return {}

    steps = [world.step("a", long_pause), world.step("b")]
    report = world.worker().maintain(table, steps)

    assert world.did() == ["a"]
    assert report.refused is not None
    assert report.refused.startswith(
        "the lease of me is gone: it ran out and another worker took it"
    )
    assert not report.failed
    assert lease.Lease.parse(table.properties[lease.PROPERTY]).holder == "other"


class Broken(Table):
    """A table that cannot be read once it was read a few times."""

    def __init__(self, error: MaintenanceError, reads: int) -> None:
        super().__init__()
        self._error = error
        self._left = reads

    def read(self) -> Version:
        self._left -= 1
        if self._left < 0:
            raise self._error
        return super().read()


@pytest.mark.parametrize("reads", range(4))
def test_says_in_the_report_that_a_table_cannot_be_read(reads: int) -> None:
    world, table = World(), Broken(StepError("no such file"), reads)

    report = world.worker().maintain(table, [world.step("a"), world.step("b")])

    assert report.failed
    assert report.error == "no such file"
    assert report.refused is None


@pytest.mark.parametrize("reads", range(4))
def test_leaves_a_table_that_was_dropped_meanwhile(reads: int) -> None:
    world, table = World(), Broken(TableGoneError("the table was dropped"), reads)

    report = world.worker().maintain(table, [world.step("a"), world.step("b")])

    assert not report.failed
    assert report.refused == "the table was dropped"
    assert [step.step for step in report.steps] == world.did()[: len(report.steps)]


def test_tells_what_was_done_before_a_table_broke() -> None:
    world, table = World(), Broken(StepError("no such file"), reads=3)

    report = world.worker().maintain(table, [world.step("a"), world.step("b")])

    assert [step.step for step in report.steps] == ["a"]


def test_gives_no_size_of_a_table_that_has_none() -> None:
    class Sizeless(Table):
        def size(self) -> Size:
            raise StepError("no such file")

    report = World().worker().maintain(Sizeless(), [])

    assert (report.before, report.after, report.error) == (None, None, "no such file")


def test_says_that_writers_left_no_room_for_a_lease() -> None:
    class Busy(Table):
        def swap(self, _version: Version, _properties: object) -> bool:
            return False

    report = World().worker().maintain(Busy(), [])

    assert report.error is not None
    assert report.error.startswith("others changed the properties at each of")


@pytest.mark.parametrize(
    "broken",
    [
        {lease.PROPERTY: ""},
        {lease.PROPERTY: "somebody"},
        {lease.PROPERTY: "somebody soon"},
        {lease.PROPERTY: "somebody 2026-01-31T14:00:00"},
        {"headwater.maintenance.done.a": "yesterday"},
        {"headwater.maintenance.done.a": ""},
        {"headwater.maintenance.done.a": "2026-01-31T13:00:00"},
        {"headwater.maintenance.cut-offs.a": "many"},
        {"headwater.maintenance.cut-offs.a": "-1"},
        {"headwater.maintenance.cut-offs.a": ""},
        {"headwater.maintenance.failures.a": ""},
        {"headwater.maintenance.failures.a": "often"},
        {"headwater.maintenance.failures.a": "3"},
        {"headwater.maintenance.failures.a": "3 2027-01-31T13:00:00+00:00"},
    ],
    ids=str,
)
def test_goes_by_no_note_that_it_did_not_write(broken: dict[str, str]) -> None:
    world, table = World(), Table()
    table.properties = broken

    report = world.worker().maintain(table, [world.step("a"), world.step("b")])

    assert [step.outcome for step in report.steps] == ["done", "done"]
    assert lease.PROPERTY not in table.properties
    assert not report.failed


def test_tries_a_step_again_that_lost_to_a_commit() -> None:
    world, table = World(), Table()

    report = world.worker().maintain(table, [world.step("a", failing(TRIES - 1))])

    assert [step.outcome for step in report.steps] == ["done"]


def test_goes_on_after_a_step_that_failed_and_does_it_next_time() -> None:
    world, table = World(), Table()
    steps = [world.step("a", failing(TRIES)), world.step("b")]

    first = world.worker().maintain(table, steps)
    world.now += HOUR
    second = world.worker().maintain(table, steps)

    assert [step.outcome for step in first.steps] == ["failed", "done"]
    assert first.failed
    assert first.steps[0].error == "a commit came between"
    assert [step.step for step in second.steps] == ["a", "b"]
    assert not second.failed


def test_waits_longer_each_time_that_a_step_fails_and_a_day_at_most() -> None:
    world, table = World(), Table()
    step = world.step("a", failing(TRIES * 100))

    hours = []
    for hour in range(100):
        world.now = START + hour * HOUR
        if world.worker().maintain(table, [step]).steps:
            hours.append(hour)

    assert hours == [0, 1, 3, 7, 15, 31, 55, 79]


def test_does_a_daily_step_that_failed_before_its_day_is_over() -> None:
    world, table = World(), Table()
    daily = Step("daily", timedelta(days=1), failing(TRIES))
    world.worker().maintain(table, [daily])

    world.now += HOUR
    report = world.worker().maintain(table, [daily])

    assert [step.outcome for step in report.steps] == ["done"]
    assert not [name for name in table.properties if "failures" in name]


def test_calls_a_step_failed_that_was_cut_off_when_it_was_retried() -> None:
    world, table = in_time(60), Table()
    errors = iter(["No space left on device", "cancelled"])

    def full(_now: datetime) -> Counts:
        world.now += timedelta(seconds=40)
        raise StepError(next(errors))

    report = world.worker().maintain(table, [world.step("a", full)])

    assert report.steps == [StepReport("a", "failed", 80, {}, "No space left on device")]


def slow(world: World, seconds: int) -> Callable[[datetime], Counts]:
    """Take a while, however long one may."""

    def work(_now: datetime) -> Counts:
        world.now += timedelta(seconds=seconds)
        return {}

    return work


def endless(world: World) -> Callable[[datetime], Counts]:
    """Be broken off when the time that one may take is over."""

    def work(_now: datetime) -> Counts:
        world.now += timedelta(seconds=float(world.log[-2].removeprefix("within ")))
        raise StepError("cancelled")

    return work


def in_time(seconds: int) -> World:
    return World(ends=START + timedelta(seconds=RESERVE_SECONDS + seconds))


def test_gives_each_step_its_share_of_the_time() -> None:
    world, table = in_time(120), Table()
    steps = [world.step("a", slow(world, 10)), world.step("b", slow(world, 0)), world.step("c")]

    world.worker().maintain(table, steps, later=1)

    assert world.log == ["within 30", "a", "within 37", "b", "within 55", "c"]


def test_does_the_others_if_one_never_ends() -> None:
    world, table = in_time(120), Table()
    steps = [world.step("a"), world.step("b", endless(world)), world.step("c")]

    report = world.worker().maintain(table, steps, later=1)

    assert [step.outcome for step in report.steps] == ["done", "cut off", "done"]
    assert not report.failed
    assert world.seconds_left() == RESERVE_SECONDS + 80


def test_begins_no_step_without_time_for_it() -> None:
    world, table = in_time(10), Table()
    steps = [world.step("a", slow(world, 11)), world.step("b")]

    report = world.worker().maintain(table, steps)

    assert world.log == ["within 5", "a"]
    assert [step.step for step in report.steps] == ["a"]


def test_calls_a_step_cut_off_that_its_time_ended() -> None:
    world, table = in_time(60), Table()

    report = world.worker().maintain(table, [world.step("a", endless(world))])

    assert report.steps == [StepReport("a", "cut off", 60, {}, "cancelled")]
    assert not report.failed
    assert steps_done(table) == []


def test_calls_a_step_failed_that_its_time_ends_again_and_again() -> None:
    world, table = World(), Table()
    steps = [world.step("a", endless(world)), world.step("b")]

    reports = []
    for _ in range(MAX_CUT_OFFS + 1):
        world.now += HOUR
        world.ends = world.now + timedelta(minutes=15)
        reports.append(world.worker().maintain(table, steps))

    assert [report.failed for report in reports] == [False, False, True, True]
    assert reports[-1].steps[0].error == "cut off 4 times in a row: cancelled"
    assert steps_done(table) == ["b"]


def test_counts_cut_offs_in_a_row_alone() -> None:
    world, table = World(), Table()
    cut_off, fails = world.step("a", endless(world)), world.step("a", failing(TRIES))
    outcomes = []
    for step in (cut_off, cut_off, fails, cut_off):
        world.now += HOUR
        world.ends = world.now + timedelta(minutes=15)
        outcomes.append(world.worker().maintain(table, [step]).steps[0].outcome)

    assert outcomes == ["cut off", "cut off", "failed", "cut off"]


def test_forgives_a_step_that_comes_through() -> None:
    world, table = World(), Table()
    often = [world.step("a", endless(world))]
    for _ in range(MAX_CUT_OFFS):
        world.ends = world.now + timedelta(minutes=15)
        world.worker().maintain(table, often)

    world.ends = None
    world.worker().maintain(table, [world.step("a")])

    assert list(table.properties) == ["headwater.maintenance.done.a"]


def steps_done(table: Table) -> list[str]:
    done = "headwater.maintenance.done."
    return [name.removeprefix(done) for name in table.properties if name.startswith(done)]
