"""Everything that the shop's visitors sent, day by day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from headwater_local.demo.seasons import newcomers
from headwater_local.demo.visit import Request, request_of
from headwater_local.demo.visitors import Visit, visitor, visits


@dataclass(frozen=True)
class Demo:
    """What is asked for: about so many ``visitors`` in the ``days`` up to a time (aware UTC).

    Visitors are of their first day, whenever and for however many days they are made. So with the
    same seed and as many visitors a day, a later demo has the same messages, and those of the time
    since.
    """

    seed: int
    visitors: int
    days: int
    until: datetime


def requests(demo: Demo) -> Iterator[Request]:
    """Yield what the collector got, day by day, and within a day in order of arrival.

    What would arrive after the end is left out: a phone without network still has it.
    """
    begun: dict[date, list[Visit]] = {}
    for visit in _visits(demo):
        begun.setdefault(visit.begins.date(), []).append(visit)
    for day in sorted(begun):
        yield from _arrived(begun.pop(day), demo.until)


def _visits(demo: Demo) -> Iterator[Visit]:
    last = demo.until.date()
    for ago in range(demo.days):
        first = last - timedelta(ago)
        for number in range(newcomers(first, demo.visitors / demo.days)):
            yield from visits(visitor(demo.seed, first, number), first, demo.until)


def _arrived(begun: Sequence[Visit], until: datetime) -> Sequence[Request]:
    sent = [request for request in map(request_of, begun) if request.received <= until]
    return sorted(sent, key=lambda request: request.received)
