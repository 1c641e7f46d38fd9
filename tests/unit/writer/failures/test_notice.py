from datetime import timedelta

import pytest

from headwater_writer.failures.notice import SHOWN_PLACES, SHOWN_REASONS, Notice, wording
from headwater_writer.rows.rows import Row
from unit.writer.builders import NOW


def failed(reason: str, stage: str = "shape", minutes: int = 0) -> Row:
    return {"stage": stage, "reason": reason, "failed_at": NOW + timedelta(minutes=minutes)}


def notice(*rows: Row, places: tuple[str, ...] = ()) -> Notice:
    made = Notice()
    made.add(rows, places)
    return made


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("event is missing", "event is missing"),
        ("the type 'no such type' is unknown", "the type … is unknown"),
        ("timestamp 'it\\'s me' is not a date-time", "timestamp … is not a date-time"),
        ("an object was expected, not b'{secret'", "an object was expected, not …"),
        ('an object was expected, not b"it\'s"', "an object was expected, not …"),
        ("the record's header: KeyError('v')", "the record's header: KeyError(…)"),
        ("the type 'cut off before its end is unknown", "the type …"),
        ("over\n'two\nlines'", "over\n…"),
    ],
)
def test_leaves_out_what_a_reason_quotes(reason: str, words: str) -> None:
    assert wording(reason) == words


def test_keeps_a_reason_short() -> None:
    assert len(wording("word " * 1000)) == 200


def test_counts_by_stage_and_reason() -> None:
    text = notice(
        failed("the message has 40000 bytes", "collector"),
        failed("the type 'a' is unknown"),
        failed("the message has 50000 bytes", "collector"),
    ).text

    assert "3 failed" in text
    assert "  2 collector: the message has 40000 bytes" in text
    assert "  1 shape: the type … is unknown" in text


def test_names_the_most_frequent_reasons_first_and_counts_the_rest() -> None:
    rows = [failed("reason " + "x" * number) for number in range(9) for _ in range(number + 1)]

    lines = notice(*rows).text.splitlines()

    assert lines[1] == "  9 shape: reason xxxxxxxx"
    assert lines[1 + SHOWN_REASONS] == "  and 4 more reasons"


def test_says_where_they_are() -> None:
    places = tuple(f"s3://bucket/{number}" for number in range(SHOWN_PLACES + 2))

    text = notice(failed("event is missing"), places=(*places, *places)).text

    assert "  s3://bucket/0\n  s3://bucket/1\n" in text
    assert "  and 2 more places\n" in text


def test_says_from_when_to_when() -> None:
    made = notice(failed("a", minutes=3), failed("b"))
    made.add([failed("c", minutes=9)], [])

    assert "from 2026-01-31 13:37:05 to 13:46:05 UTC" in made.text


@pytest.mark.parametrize(
    ("count", "subject"),
    [(1, "Headwater: 1 failed record"), (12, "Headwater: 12 failed records")],
)
def test_has_the_number_in_its_subject(count: int, subject: str) -> None:
    assert notice(*[failed("a")] * count).subject == subject


def test_has_a_subject_that_sns_takes() -> None:
    subject = notice(*[failed("a")] * 100_000).subject

    assert subject.isascii()
    assert len(subject) < 100
