"""How late a commit is, as writer and cluster say it in their logs."""

from collections.abc import Iterable
from datetime import datetime


def latency_seconds(arrivals: Iterable[datetime | None], now: datetime) -> float | None:
    """Return the seconds since the first arrival on the stream; None if none is known.

    Clocks that disagree make none that is negative.
    """
    known = [arrival for arrival in arrivals if arrival]
    if not known:
        return None
    return max(0.0, round((now - min(known)).total_seconds(), 3))
