"""The worst batches that the search of ``tests/memory`` found stay within a writer's memory.

Each is written by a process of its own, which Java's heap and Python's memory are read from.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from integration.conftest import StandIn
from integration.writer.marks import SPARK
from memory.candidate import Candidate
from memory.measure import MEMORY_MB, Scales
from memory.search import Bounds
from memory.worst import WORST

pytestmark = SPARK


@pytest.fixture
def scales(stand_in: StandIn, writer_environment: Mapping[str, str], tmp_path: Path) -> Scales:
    """What measures a batch, with the memory that a writer has unless it is told otherwise."""
    return Scales(writer_environment, stand_in.endpoint, tmp_path)


@pytest.mark.parametrize("candidate", WORST.values(), ids=WORST)
def test_the_worst_chunks_stay_within_a_writers_memory(
    candidate: Candidate, scales: Scales
) -> None:
    figures = scales.measure(candidate)

    assert Bounds(MEMORY_MB).broken(figures) == []


def test_a_record_of_2500_days_is_written_at_the_default_memory(scales: Scales) -> None:
    record = Candidate(requests=1, messages=2500, days=2500, max_age_days=3650)

    figures = scales.measure(record)

    assert Bounds(MEMORY_MB).broken(figures) == []
