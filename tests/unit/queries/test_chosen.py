"""What Trino is asked depends on the rows, and on each argument that it is asked with."""

from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from headwater_local.questions import pack
from integration.writer.queries.by_hand import BY_HAND
from integration.writer.queries.chosen import OF_NOTHING, ON_TRINO
from unit.queries.asking import CASES, Case
from unit.queries.golden_rows import golden_lake
from unit.queries.reference import Asked, Lake, Reference

WITHOUT_ROWS = Reference(Lake([]))


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(golden_lake())


def otherwise(asked: Asked) -> Iterator[Asked]:
    """Yield what is asked with one argument less: each that is not the usual one."""
    usual = Asked(asked.start, asked.end)
    for each in fields(Asked):
        common = replace(asked, **{each.name: getattr(usual, each.name)})
        if common != asked:
            yield common


@pytest.mark.parametrize(("case", "asked"), ON_TRINO, ids=str)
def test_the_rows_and_each_argument_change_the_answer(
    case: Case, asked: Asked, reference: Reference
) -> None:
    expected = case.expected(reference, asked)

    assert expected != case.expected(WITHOUT_ROWS, asked)
    assert [each for each in otherwise(asked) if case.expected(reference, each) == expected] == []
    others = [each for each in (*CASES, *(each for each, _ in ON_TRINO)) if each.name == case.name]
    assert [
        str(each)
        for each in others
        if each.own != case.own and each.expected(reference, asked) == expected
    ] == []


@pytest.mark.parametrize(("case", "asked"), OF_NOTHING, ids=str)
def test_what_is_meant_to_find_nothing_does(case: Case, asked: Asked, reference: Reference) -> None:
    assert case.expected(reference, asked) == case.expected(WITHOUT_ROWS, asked)


def test_trino_is_asked_each_question_in_each_zone_and_each_mode() -> None:
    chosen = [*ON_TRINO, *OF_NOTHING]
    days = [asked for _, asked in chosen] + [asked for _, asked, _ in BY_HAND]

    assert {case.name for case, _ in chosen} == {*pack.questions()}
    assert {each.time_zone for each in days} == {
        *("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia")
    }
    assert {each.bots for each in days} == {"exclude", "include", "only"}
    assert {each.app for each in days} == {"", "app"}
    modes = {case.own["mode"] for case, _ in ON_TRINO if "mode" in case.own}
    assert modes == {"first", "recurring", "rolling"}
