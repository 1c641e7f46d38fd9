from itertools import repeat

import pytest

from headwater_collector.delivery import Delivery, Patience, deliver
from headwater_collector.stream import MemoryStream, Record
from unit.collector.client import FakeClock

RECORDS = [Record(b"0", "a"), Record(b"1", "a"), Record(b"2", "a")]


def test_puts_each_record_once() -> None:
    stream = MemoryStream()

    delivery = deliver(stream, RECORDS, FakeClock().patience())

    assert delivery == Delivery(is_complete=True, rejections=[])
    assert stream.records == RECORDS


def test_puts_only_what_was_rejected_again() -> None:
    stream = MemoryStream(outages=[{0, 2}, {1}])

    delivery = deliver(stream, RECORDS, FakeClock().patience())

    assert delivery == Delivery(is_complete=True, retries=2, rejections=["Outage"] * 3)
    assert sorted(stream.records, key=lambda record: record.data) == RECORDS


def test_gives_up_when_time_is_up() -> None:
    clock = FakeClock()

    delivery = deliver(MemoryStream(outages=repeat({0})), RECORDS, clock.patience())

    assert not delivery.is_complete
    assert 2.0 < clock.time < Patience().budget


@pytest.mark.parametrize(
    ("throttled", "is_throttled"),
    [({0, 1}, True), ({0}, False), ((), False)],
    ids=["all", "one of two", "none"],
)
def test_tells_whether_throttling_alone_is_why(throttled: set[int], is_throttled: bool) -> None:
    stream = MemoryStream(outages=repeat({0, 1}), throttled=throttled)

    delivery = deliver(stream, RECORDS, FakeClock().patience())

    assert (delivery.is_complete, delivery.is_throttled) == (False, is_throttled)


def test_a_throttled_record_that_was_taken_in_the_end_is_not_throttling() -> None:
    stream = MemoryStream(outages=[{0}], throttled={0})

    delivery = deliver(stream, RECORDS, FakeClock().patience())

    assert (delivery.is_complete, delivery.is_throttled) == (True, False)


def test_pauses_twice_as_long_each_time_up_to_a_bound() -> None:
    patience = Patience(random=lambda: 1.0)

    pauses = [patience.pause(attempt) for attempt in range(7)]

    assert pauses == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0])


def test_pauses_at_random_below_that() -> None:
    assert Patience(random=lambda: 0.25).pause(2) == pytest.approx(0.05)
