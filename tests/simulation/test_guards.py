"""Every guard of the protocol earns its place: without it, a schedule does harm."""

import pytest

from simulation.choices import Choices
from simulation.guards import GUARDS
from simulation.schedule import run
from simulation.search import find_counterexample, harmful

MAX_SCHEDULES = 3000


@pytest.mark.parametrize("guard", GUARDS)
def test_is_needed(guard: str) -> None:
    with GUARDS[guard]():
        seed, _ = next(harmful(range(MAX_SCHEDULES)), (None, None))

    assert seed is not None
    assert not run(Choices.seeded(seed)).verdict.sentences


def test_a_counterexample_is_short() -> None:
    with GUARDS["all"]():
        found = find_counterexample(range(MAX_SCHEDULES))

        assert found is not None
        assert run(Choices.seeded(found.seed)).story.steps > 2 * found.outcome.story.steps
    assert found.outcome.verdict.doubled
