from datetime import datetime, timedelta

import pytest

from headwater_poller.config import TimeWindow
from headwater_poller.errors import AnswerError
from headwater_poller.requests import Request
from headwater_poller.state import MAX_SEEN
from headwater_poller.windows import Walk, Window, next_mark, next_window
from unit.poller.build import NOW

MINUTE = timedelta(minutes=1)
START = NOW - timedelta(days=2)
OPEN = TimeWindow("from", "epoch_s", START, 10 * MINUTE)
STEPS = TimeWindow("from", "epoch_s", START, 10 * MINUTE, "to", timedelta(days=1))


def test_begins_at_the_start() -> None:
    assert next_window(OPEN, None, NOW) == Window(START, None, is_last=True)


def test_begins_an_overlap_before_the_mark() -> None:
    assert next_window(OPEN, NOW - MINUTE, NOW).since == NOW - 11 * MINUTE


def test_never_begins_before_the_start() -> None:
    assert next_window(OPEN, START + MINUTE, NOW).since == START


def test_goes_in_steps_up_to_now() -> None:
    first = next_window(STEPS, None, NOW)
    last = next_window(STEPS, NOW - timedelta(hours=3), NOW)

    assert first == Window(START, START + timedelta(days=1), is_last=False)
    assert last == Window(NOW - timedelta(hours=3) - 10 * MINUTE, NOW, is_last=True)


def test_ends_now_rather_than_within_the_overlap() -> None:
    day = timedelta(days=1)

    nearly = next_window(STEPS, NOW - day - 5 * MINUTE, NOW)
    not_yet = next_window(STEPS, NOW - day - 10 * MINUTE, NOW)

    assert (nearly.until, nearly.is_last) == (NOW, True)
    assert (not_yet.until, not_yet.is_last) == (NOW - 10 * MINUTE, False)


def test_ends_after_it_begins_even_if_the_start_is_to_come() -> None:
    early = next_window(STEPS, None, START - timedelta(days=9))

    assert early.until is not None
    assert early.until > early.since
    assert early.is_last


def test_asks_for_its_times() -> None:
    window = next_window(STEPS, None, NOW)

    asked = window.asked(Request("http://x/"), STEPS)

    since = int(START.timestamp())
    assert asked.params == (("from", str(since)), ("to", str(since + 86_400)))


def mark(newest: datetime | None, horizon: datetime = NOW, before: datetime = START) -> datetime:
    return next_mark(OPEN, Window(START, None, is_last=True), before, newest, horizon)


def test_the_mark_is_the_newest_record() -> None:
    assert mark(NOW - MINUTE) == NOW - MINUTE


def test_the_mark_never_passes_the_earlier_clock() -> None:
    assert mark(NOW + timedelta(hours=1)) == NOW
    assert mark(NOW, horizon=NOW - timedelta(hours=1)) == NOW - timedelta(hours=1)


def test_the_mark_never_goes_back() -> None:
    assert mark(NOW - 5 * MINUTE, before=NOW - MINUTE) == NOW - MINUTE
    assert mark(None, before=NOW - MINUTE) == NOW - MINUTE


def test_an_empty_window_with_an_end_is_done_with() -> None:
    window = next_window(STEPS, None, NOW)

    assert next_mark(STEPS, window, None, None, NOW) == window.until


def test_a_window_that_may_still_get_records_is_not_done_with() -> None:
    window = Window(START, NOW - MINUTE, is_last=True)

    assert next_mark(STEPS, window, START, None, NOW) == START


def test_knows_the_newest_record() -> None:
    walk = Walk({b"a": NOW - MINUTE, b"b": NOW, b"c": None})

    assert walk.newest == NOW
    assert b"c" in walk


def test_refuses_more_than_can_be_remembered() -> None:
    walk = Walk({number.to_bytes(16): None for number in range(MAX_SEEN)})

    with pytest.raises(AnswerError, match="more than 500,000 records: declare `incremental`"):
        walk.add(b"one more", None)
