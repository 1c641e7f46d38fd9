"""The writer and the mapping's driver, under everything that can go wrong with them."""

from collections import Counter

import pytest

from simulation.choices import Choices
from simulation.faults import Fault
from simulation.schedule import Outcome, run
from simulation.tally import Tally

SCHEDULES = 2400
PARTS = 6


@pytest.mark.parametrize("part", range(PARTS))
def test_loses_nothing_and_doubles_nothing(part: int) -> None:
    tally = Tally.of(range(part, SCHEDULES, PARTS))

    assert tally.first_failing is None, f"make simulate REPLAY={tally.first_failing}"


def test_a_seed_is_the_same_schedule_every_time() -> None:
    assert _story(Choices.seeded(3)) == _story(Choices.seeded(3))


def test_choices_taken_make_the_same_schedule_again() -> None:
    first = run(Choices.seeded(3), told=True)

    assert _story(Choices.repeated(first.choices)) == first.story.lines


def test_every_fault_strikes() -> None:
    struck = sum((run(Choices.seeded(seed)).struck for seed in range(600)), Counter[Fault]())

    assert set(struck) == set(Fault)


def test_the_plainest_choices_make_a_schedule_without_faults() -> None:
    outcome = run(Choices.repeated([]), told=True)

    assert not outcome.struck
    assert _commits(outcome) == ["events: commits 000/96-96: rows 96.0"]


def _story(choices: Choices) -> object:
    return run(choices, told=True).story.lines


def _commits(outcome: Outcome) -> list[str]:
    return [line.text for line in outcome.story.lines if "commits" in line.text]
