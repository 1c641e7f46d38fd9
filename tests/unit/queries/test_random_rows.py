"""The pack on rows made by chance: DuckDB and plain Python give the same answers."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from typing import Any

import pytest

from unit.queries.asking import CASES, SEGMENTS, Case, same
from unit.queries.reference import Asked, Lake, Reference
from unit.queries.rows import answer_of, in_duckdb, random_lake

ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia")
BOTS = ("exclude", "include", "only")
SEEDS = 40
TURNS = 5
"""Each lake is asked one case of so many, since engines plan a question longer than they answer."""

random_lake_of = cache(random_lake)


@cache
def reference_of(seed: int) -> Reference:
    return Reference(random_lake_of(seed))


def asked_of(seed: int) -> Sequence[tuple[Case, Asked]]:
    """Return what a lake is asked: all cases in turn, and each in all zones in turn."""
    chance = random.Random(seed)  # noqa: S311 -- a seed
    start = chance.choice(random_lake_of(seed).events)["event_time"].date()
    asked = Asked(
        start,
        start + timedelta(chance.choice((0, 1, 9, 40))),
        app=chance.choice(("", "", "web")),
        time_zone=ZONES[seed // TURNS % len(ZONES)],
        bots=BOTS[seed % len(BOTS)],
    )
    return [
        (case, replace(asked, segment=chance.choice(("", chance.choice(SEGMENTS)))))
        for case in CASES[seed % TURNS :: TURNS]
    ]


def check_answers(
    seed: int, answer: Callable[[str, Mapping[str, str]], list[tuple[Any, ...]]]
) -> None:
    """Check what an engine answers to questions, each with its arguments, about a lake."""
    for case, asked in asked_of(seed):
        found = answer(case.name, case.arguments(asked))
        try:
            same(found, case.expected(reference_of(seed), asked))
        except AssertionError as error:
            error.add_note(f"{case} of {asked}")
            raise


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_question_has_the_answer_of_plain_python(seed: int) -> None:
    with in_duckdb(random_lake_of(seed)) as connection:
        check_answers(seed, partial(answer_of, connection))


def test_every_case_every_zone_and_every_kind_of_bots_finds_something() -> None:
    deciding = [*_deciding()]
    named = {str(case) for case, _ in deciding}

    assert [str(case) for case in CASES if str(case) not in named] == ["audit"]
    assert {asked.time_zone for _, asked in deciding} == {*ZONES}
    assert {asked.bots for _, asked in deciding} == {*BOTS}
    assert {bool(asked.segment) for _, asked in deciding} == {True, False}


def _deciding() -> Iterator[tuple[Case, Asked]]:
    """Yield what has another answer than a lake without rows."""
    without = Reference(Lake([]))
    for seed in range(SEEDS):
        for case, asked in asked_of(seed):
            if case.expected(reference_of(seed), asked) != case.expected(without, asked):
                yield case, asked
