"""Times in a table's properties, where an operator can write anything."""

from datetime import datetime


def moment(text: str) -> datetime:
    """Return the time (aware) that a text in ISO 8601 says.

    Raises:
        ValueError: it says none, or not in which zone.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text!r} says no zone")
    return time
