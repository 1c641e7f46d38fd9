"""The query of `docs/incremental.md`, beside batches that can be read after their `load_time`."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

REPOSITORY: Final = Path(__file__).parents[3]
DOCS: Final = (REPOSITORY / "docs" / "incremental.md").read_text()
[QUERY] = re.findall(r"```sql\n(.*?)```", DOCS, re.DOTALL)

NOON: Final = datetime.fromisoformat("2026-01-31T12:00")
BEFORE_ALL: Final = datetime.fromisoformat("1970-01-01")
LAG: Final = timedelta(minutes=20)
LONGEST_BATCH: Final = timedelta(minutes=15)
"""Lambda's longest timeout ("Lambda quotas", AWS Lambda developer guide)."""
CLOCKS: Final = timedelta(minutes=1)
"""How far the clocks of two writers, or of a writer and a model, are apart at most here."""


@dataclass(frozen=True)
class Batch:
    """A batch that has begun at a time, and can be read from another on."""

    load_time: datetime
    readable_at: datetime
    events: Sequence[int]


Times: TypeAlias = Callable[[datetime, datetime], tuple[datetime, datetime]]
"""Which rows a run reads, by the ``until`` of the last run and the time that it is now."""


def once(last_until: datetime, now: datetime) -> tuple[datetime, datetime]:
    return last_until, now - LAG


def fresh(last_until: datetime, now: datetime) -> tuple[datetime, datetime]:
    return last_until - LAG, now


def naive(last_until: datetime, now: datetime) -> tuple[datetime, datetime]:
    return last_until, now


class Warehouse:
    """Tables of events and of a model, which runs see as they are at a time."""

    def __init__(self, batches: Sequence[Batch]) -> None:
        self._tables = duckdb.connect()
        self._tables.execute(
            "CREATE TABLE events (app_id VARCHAR, event_id VARCHAR, event_time TIMESTAMP, "
            "user_id VARCHAR, event_type VARCHAR, load_time TIMESTAMP, ingest_shard VARCHAR, "
            "ingest_sequence VARCHAR, ingest_index INTEGER)"
        )
        self._tables.execute(
            "CREATE TABLE purchases (app_id VARCHAR, event_id VARCHAR, event_time TIMESTAMP, "
            "user_id VARCHAR, load_time TIMESTAMP)"
        )
        self._batches = list(batches)
        self._sequence = 0
        self._until = BEFORE_ALL

    def run(self, now: datetime, times: Times) -> None:
        for batch in [batch for batch in self._batches if batch.readable_at <= now]:
            self._batches.remove(batch)
            self._append(batch)
        since, until = times(self._until, now)
        self._tables.execute(QUERY, [since, until])
        self._until = until

    def _append(self, batch: Batch) -> None:
        for event in batch.events:
            self._sequence += 1
            self._tables.execute(
                "INSERT INTO events VALUES ('shop', ?, ?, 'u-1', 'Order Placed', ?, 's-1', ?, 0)",
                [str(event), batch.load_time, batch.load_time, str(self._sequence)],
            )

    @property
    def model(self) -> list[int]:
        found = self._tables.execute("SELECT event_id FROM purchases").fetchall()
        return sorted(int(event) for (event,) in found)


def model_of(batches: Sequence[Batch], runs: Sequence[datetime], times: Times) -> list[int]:
    warehouse = Warehouse(batches)
    for now in runs:
        warehouse.run(now, times)
    return warehouse.model


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


SLOW: Final = Batch(NOON, NOON + seconds(20), [1])
QUICK: Final = Batch(NOON + seconds(5), NOON + seconds(8), [2])
RUNS: Final = [NOON + seconds(10), NOON + timedelta(hours=1)]


@pytest.mark.parametrize("times", [once, fresh])
def test_sees_a_batch_that_began_before_a_run_and_was_there_after_it(times: Times) -> None:
    assert model_of([SLOW, QUICK], RUNS, times) == [1, 2]


def test_would_miss_it_by_the_times_of_the_runs_alone() -> None:
    assert model_of([SLOW, QUICK], RUNS, naive) == [2]


@pytest.mark.parametrize("times", [once, fresh])
def test_takes_a_repeated_event_once(times: Times) -> None:
    repeated = Batch(NOON + timedelta(hours=2), NOON + timedelta(hours=2), [1, 1, 3])

    model = model_of([SLOW, QUICK, repeated], [*RUNS, NOON + timedelta(hours=3)], times)

    assert model == [1, 2, 3]


@pytest.mark.parametrize("times", [once, fresh])
def test_adds_nothing_when_a_run_is_repeated(times: Times) -> None:
    warehouse = Warehouse([SLOW, QUICK])
    warehouse.run(RUNS[1], times)

    warehouse.run(RUNS[1], lambda _last_until, now: times(NOON - timedelta(hours=1), now))

    assert warehouse.model == [1, 2]


def test_reads_every_row_once_if_it_waits() -> None:
    until = BEFORE_ALL
    spans = []
    for now in (NOON, NOON + seconds(1), NOON + timedelta(hours=1)):
        spans.append(once(until, now))
        until = spans[-1][1]

    assert [since for since, _ in spans[1:]] == [until for _, until in spans[:-1]]


def test_waits_for_longer_than_a_batch_takes() -> None:
    assert LAG > LONGEST_BATCH + CLOCKS
    assert f"**{LAG.seconds // 60} minutes** after a `load_time`" in DOCS


batches = st.lists(
    st.tuples(
        st.integers(0, 4 * 3600),
        st.integers(0, LONGEST_BATCH.seconds),
        st.integers(0, CLOCKS.seconds),
    ),
    max_size=12,
)
pauses = st.lists(st.integers(1, 3600), max_size=8)


@pytest.mark.parametrize("times", [once, fresh])
@settings(deadline=None, max_examples=25)
@given(drawn=batches, pauses=pauses)
def test_has_every_event_once_whatever_the_schedule(
    times: Times, drawn: list[tuple[int, int, int]], pauses: list[int]
) -> None:
    all_batches = [
        Batch(NOON + seconds(began + ahead), NOON + seconds(began + took), [number])
        for number, (began, took, ahead) in enumerate(drawn)
    ]
    runs = [NOON + seconds(sum(pauses[: place + 1])) for place in range(len(pauses))]
    last = NOON + timedelta(days=1)

    assert model_of(all_batches, [*runs, last], times) == list(range(len(drawn)))
