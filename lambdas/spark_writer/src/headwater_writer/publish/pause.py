"""A pause of random length, so that the losers of a race do not meet again."""

import random
import time


def stand_still(longest: float) -> None:
    """Let a random time pass, of at most so many seconds."""
    time.sleep(random.uniform(0, longest))  # noqa: S311 -- nobody gains by guessing it
