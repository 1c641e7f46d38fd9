"""How long to wait before a retry."""

LONGEST_SECONDS = 30.0


def backoff_seconds(failures: int, first_seconds: float) -> float:
    """Return the pause after so many failures in a row, 1 or more.

    It begins with ``first_seconds`` and doubles with each failure, to 30 s at most.
    """
    # The exponent is capped too: an endless retry must not overflow a float.
    return min(first_seconds * 2.0 ** min(failures - 1, 16), LONGEST_SECONDS)
