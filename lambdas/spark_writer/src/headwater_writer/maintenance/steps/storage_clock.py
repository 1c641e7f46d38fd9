"""This machine's clock, compared with the storage's before anything is deleted for its age.

The age of a file is by the storage's clock. To a machine whose clock is three days ahead, a file
that a writer staged a second ago would be old, and a machine cannot tell that its clock is wrong.
So the storage is asked for its time, and if the two disagree nothing is deleted.
"""

from datetime import datetime, timedelta
from typing import Final

from headwater_writer.maintenance.errors import StepError

MAX_DIFFERENCE: Final = timedelta(hours=1)
"""Clocks that are set over the network agree to a second; nothing here depends on hours."""


def agreed(now: datetime, stored: datetime) -> datetime:
    """Return the time, given this machine's clock and the storage's (both aware UTC).

    It is the earlier of the two: by it nothing is older than by either.

    Raises:
        StepError: they are more than ``MAX_DIFFERENCE`` apart.
    """
    difference = now - stored
    if abs(difference) > MAX_DIFFERENCE:
        side = "ahead of" if difference > timedelta() else "behind"
        raise StepError(
            f"this machine's clock is {_hours(abs(difference))} {side} the storage's "
            f"({now:%Y-%m-%d %H:%M} and {stored:%Y-%m-%d %H:%M} UTC): nothing is deleted for its "
            "age until the clock is corrected"
        )
    return min(now, stored)


def _hours(difference: timedelta) -> str:
    return f"{difference.total_seconds() / 3600:,.1f} hours"
