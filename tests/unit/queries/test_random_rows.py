"""The pack on rows made by chance: DuckDB and plain Python give the same answers."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from unit.queries.asking import CASES, SEGMENTS, same
from unit.queries.reference import Asked, Reference
from unit.queries.rows import answer_of, in_duckdb, random_lake

ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia")


@pytest.mark.parametrize("seed", range(8))
def test_every_question_has_the_answer_of_plain_python(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- a seed
    start = date(2026, 3, 1) + timedelta(chance.randrange(30))
    asked = Asked(
        start,
        start + timedelta(chance.choice((0, 1, 9, 40))),
        app=chance.choice(("", "", "web")),
        time_zone=chance.choice(ZONES),
        bots=chance.choice(("exclude", "include", "only")),
    )
    lake = random_lake(seed)
    reference = Reference(lake)
    with in_duckdb(lake) as connection:
        for case in CASES:
            of_segment = replace(asked, segment=chance.choice(SEGMENTS))
            found = answer_of(connection, case.name, case.arguments(of_segment))
            try:
                same(found, case.expected(reference, of_segment))
            except AssertionError as error:
                error.add_note(f"{case} of {of_segment}")
                raise
