from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.event import Event
from headwater_sinks.counts.tally import LONGEST_NAME, Group, name, tally

MINUTE = datetime(2026, 1, 31, 12, 5, tzinfo=UTC)


def event(second: int, event_type: str = "Paid", app_id: str = "shop") -> Event:
    return Event("m", event_type, MINUTE.replace(second=second, microsecond=9), app_id)


def test_counts_by_minute_app_and_type() -> None:
    events = [event(0), event(59), event(1, "Left"), event(1, app_id="blog")]

    assert tally(events) == {
        Group(MINUTE, "shop", "Paid"): 2,
        Group(MINUTE, "shop", "Left"): 1,
        Group(MINUTE, "blog", "Paid"): 1,
    }


def test_writes_nul_as_json_does() -> None:
    assert name("a\0b") == "a\\u0000b"


def test_cuts_a_name_that_no_index_takes_and_tells_it_from_others() -> None:
    long, longer = name("x" * 5000), name("x" * 5001)

    assert long[:LONGEST_NAME] == longer[:LONGEST_NAME] == "x" * LONGEST_NAME
    assert long != longer


@given(st.text())
def test_a_name_is_text_that_postgresql_takes(text: str) -> None:
    written = name(text)

    assert "\0" not in written
    assert len(written) <= LONGEST_NAME + 17
