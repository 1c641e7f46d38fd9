"""This machine's clock beside the storage's, before anything is deleted for its age.

How old a file is, the storage says by its own clock. A machine whose clock is three days ahead
would take a file for old that a writer staged a second ago, and a machine cannot tell that its
clock is wrong. So the storage is asked for its time, and if the two disagree nothing is deleted.
"""

from datetime import datetime, timedelta
from typing import Final

from headwater_writer.maintenance.errors import StepError

MAX_DIFFERENCE: Final = timedelta(hours=1)
"""Clocks that are set by the network agree to a second; nothing here is decided by hours."""


def agreed(now: datetime, stored: datetime) -> datetime:
    """Return what time it is, by this machine's clock and the storage's (both aware UTC).

    It is the earlier of the two: nothing is older by it than by both.

    Raises:
        StepError: they are more than ``MAX_DIFFERENCE`` apart.
    """
    difference = now - stored
    if abs(difference) > MAX_DIFFERENCE:
        side = "ahead of" if difference > timedelta() else "behind"
        raise StepError(
            f"this machine's clock is {_hours(abs(difference))} {side} the storage's "
            f"({now:%Y-%m-%d %H:%M} and {stored:%Y-%m-%d %H:%M} UTC): nothing is deleted by its "
            "age until it is set right"
        )
    return min(now, stored)


def _hours(difference: timedelta) -> str:
    return f"{difference.total_seconds() / 3600:,.1f} hours"
