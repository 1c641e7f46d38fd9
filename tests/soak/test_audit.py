"""The soak's audit misses nothing that it is there for."""

from dataclasses import replace

import pytest

from soak.audit import Sent, Tables, audit, repeats_left

SENT = [
    Sent("s", 1, 0, None),
    Sent("s", 2, 0, "plain"),
    Sent("s", 2, 1, "identify", identifies=True),
    Sent("s", 3, 0, "plain", repeats=True),
]
WHOLE = Tables(
    events=[(("s", 2, 0), "plain"), (("s", 2, 1), "identify")],
    identifies=[("s", 2, 1)],
    failed=[("s", 1, 0)],
)


def test_the_audit_is_content_with_each_message_in_one_table() -> None:
    assert audit(SENT, WHOLE) == []
    assert repeats_left(SENT, WHOLE) == []


def test_the_audit_is_content_with_a_repeat_that_is_the_event() -> None:
    late = replace(WHOLE, events=[(("s", 3, 0), "plain"), WHOLE.events[1]])

    assert audit(SENT, late) == []


def test_the_audit_is_content_with_a_failed_message_that_could_be_an_event() -> None:
    failed = replace(WHOLE, events=WHOLE.events[1:], failed=[*WHOLE.failed, ("s", 2, 0)])
    held = replace(failed, events=[*failed.events, (("s", 3, 0), "plain")])

    assert audit(SENT, held) == []


def test_the_audit_tells_a_message_that_is_lost_with_its_repeat() -> None:
    [wrong] = audit(SENT, replace(WHOLE, events=WHOLE.events[1:]))

    assert wrong == "2 are in no table: ('s', 2, 0), ('s', 3, 0)"


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (replace(WHOLE, events=[*WHOLE.events, WHOLE.events[0]]), "are in events twice"),
        (replace(WHOLE, identifies=[*WHOLE.identifies, ("s", 2, 1)]), "are in identifies twice"),
        (replace(WHOLE, failed=[*WHOLE.failed, ("s", 1, 0)]), "are in failed_records twice"),
        (replace(WHOLE, failed=[*WHOLE.failed, ("s", 2, 0)]), "are in both tables"),
        (replace(WHOLE, failed=[]), "are in no table"),
        (replace(WHOLE, events=WHOLE.events[:1], identifies=[]), "are in no table"),
        (replace(WHOLE, failed=[*WHOLE.failed, ("s", 4, 0)]), "were never sent"),
        (
            replace(WHOLE, events=[*WHOLE.events, (("s", 1, 0), "x")], failed=[]),
            "are events and can be none",
        ),
        (replace(WHOLE, identifies=[]), "should identify and do not, or the reverse"),
        (
            replace(WHOLE, identifies=[("s", 2, 0), ("s", 2, 1)]),
            "should identify and do not, or the reverse",
        ),
    ],
)
def test_the_audit_tells_what_is_wrong(tables: Tables, sentence: str) -> None:
    assert any(f"1 {sentence}: ('s'" in wrong for wrong in audit(SENT, tables))


def test_the_audit_tells_a_message_that_was_sent_again_and_is_two_events() -> None:
    twice = replace(WHOLE, events=[*WHOLE.events, (("s", 3, 0), "plain")])

    assert audit(SENT, twice) == []
    assert repeats_left(SENT, twice) == ["plain is 2 events"]
