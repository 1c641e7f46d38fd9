from collections.abc import Collection
from dataclasses import dataclass, field

import duckdb
import pytest

from headwater_canary.canary import (
    DEADLINE_SECONDS,
    EVENTS,
    FIRST_LOOK_SECONDS,
    LOOK_SECONDS,
    Canary,
    Flight,
    NotSeenError,
    NotSentError,
    statement,
)


@dataclass
class Route:
    """A route on which events become rows after a while, or never; time passes in sleep alone."""

    seconds: float = 60.0
    loses: int = 0
    sent_trouble: str | None = None
    seen_trouble: str | None = None
    clock: float = 1000.0
    sent: list[str] = field(default_factory=list)
    sent_at: float = 0.0
    looks: list[float] = field(default_factory=list)

    def send(self, ids: Collection[str]) -> None:
        if self.sent_trouble:
            raise NotSentError(self.sent_trouble)
        self.sent, self.sent_at = [*ids], self.clock

    def rows(self, ids: Collection[str], seconds: float) -> Collection[str]:
        self.looks.append(seconds)
        if self.seen_trouble:
            raise NotSeenError(self.seen_trouble)
        is_late_enough = self.clock - self.sent_at >= self.seconds
        return [each for each in self.sent[self.loses :] if each in ids and is_late_enough]

    def sleep(self, seconds: float) -> None:
        self.clock += seconds

    def fly(self) -> Flight:
        return Canary(self.send, self.rows, lambda: self.clock, self.sleep).fly()


def test_measures_the_time_until_the_last_event_is_a_row() -> None:
    route = Route(seconds=50)

    flight = route.fly()

    assert flight == Flight(EVENTS, 0, FIRST_LOOK_SECONDS + LOOK_SECONDS)
    assert len(route.looks) == 2


def test_counts_what_is_not_a_row_in_time() -> None:
    flight = Route(loses=2).fly()

    assert (flight.lost, flight.seconds) == (2, None)
    assert flight.trouble == f"2 of {EVENTS} events are not rows after {DEADLINE_SECONDS} s"


def test_ends_before_its_next_flight() -> None:
    route = Route(loses=EVENTS)

    route.fly()

    assert route.clock - 1000 <= DEADLINE_SECONDS


def test_a_look_may_take_the_time_that_remains_and_the_last_one_takes_some_too() -> None:
    route = Route(loses=EVENTS)

    route.fly()

    assert route.looks[0] == DEADLINE_SECONDS - FIRST_LOOK_SECONDS
    assert route.looks[-1] == LOOK_SECONDS


def test_events_that_are_not_accepted_are_lost() -> None:
    flight = Route(sent_trouble="https://api answers 503").fly()

    assert flight == Flight(EVENTS, EVENTS, None, "https://api answers 503")


def test_events_that_cannot_be_looked_for_are_lost() -> None:
    flight = Route(seen_trouble="access denied").fly()

    assert flight == Flight(EVENTS, EVENTS, None, "access denied")


def test_no_two_flights_share_an_event() -> None:
    one, other = Route(), Route()
    one.fly()
    other.fly()

    assert len({*one.sent, *other.sent}) == 2 * EVENTS


@pytest.mark.parametrize("midnight", ["2026-01-31 23:59:59", "2026-02-01 00:00:01"])
def test_the_query_finds_the_rows_of_its_own_events(midnight: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table events as select * from (values "
            f"('a', 'headwater-canary', timestamp '{midnight}'), "
            f"('b', 'shop', timestamp '{midnight}'), "
            "('c', 'headwater-canary', timestamp '2026-01-01 00:00:00')"
            ") as rows (event_id, app_id, event_time)"
        )

        found = connection.execute(statement(["a", "b", "c"], "2026-02-01")).fetchall()

    assert found == [("a",)]
