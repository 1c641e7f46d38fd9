"""Every guard of the protocol earns its place: without it, a schedule does harm."""

from collections.abc import Callable

import pytest

from simulation.choices import Choices
from simulation.guards import GUARDS
from simulation.schedule import run
from simulation.search import find_counterexample

MAX_SCHEDULES = 3000


@pytest.mark.parametrize("guard", GUARDS)
def test_is_needed(guard: str, record_property: Callable[[str, object], None]) -> None:
    with GUARDS[guard]():
        found = find_counterexample(range(MAX_SCHEDULES))

    assert found is not None
    record_property("seed", found.seed)
    record_property("steps", found.outcome.story.steps)
    assert not run(Choices.repeated(found.outcome.choices)).verdict.sentences
