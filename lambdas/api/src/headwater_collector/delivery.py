"""Putting records on the stream until it has confirmed each of them, or time is up."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headwater_collector.stream import Record, Stream


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try and how long to pause, in seconds, and the clock that tells.

    The last call may begin when the budget is almost spent: a request takes the budget and one
    call's timeout at most.
    """

    budget: float = 4.0
    first_pause: float = 0.05
    longest_pause: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random

    def pause(self, attempt: int) -> float:
        """Return how long to pause after the n-th attempt, counted from 0.

        Anything from nothing to a bound that doubles each time, so that clients that failed
        together do not come back together ("Exponential Backoff And Jitter", AWS Architecture
        Blog).
        """
        bound: float = self.first_pause * 2.0**attempt
        return self.random() * min(bound, self.longest_pause)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it went: ``rejections`` are the stream's reasons, one each time it rejected a record.

    ``is_throttled``: it is not complete only because the stream throttles.
    """

    is_complete: bool
    is_throttled: bool = False
    retries: int = 0
    rejections: Sequence[str] = ()


def deliver(stream: Stream, records: Sequence[Record], patience: Patience) -> Delivery:
    """Put records on the stream, if there are any; only those that it rejects are put again."""
    if not records:
        return Delivery(is_complete=True)
    deadline = patience.clock() + patience.budget
    rejections: list[str] = []
    retries = 0
    while rejected := stream.put(records):
        rejections += [rejection.reason for rejection in rejected]
        pause = patience.pause(retries)
        if patience.clock() + pause >= deadline:
            is_throttled = all(rejection.is_throttled for rejection in rejected)
            return Delivery(
                is_complete=False,
                is_throttled=is_throttled,
                retries=retries,
                rejections=rejections,
            )
        patience.sleep(pause)
        retries += 1
        records = [rejection.record for rejection in rejected]
    return Delivery(is_complete=True, retries=retries, rejections=rejections)
