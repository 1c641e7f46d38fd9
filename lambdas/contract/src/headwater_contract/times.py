"""Date-times on the wire: ISO 8601 text in, aware UTC out."""

from datetime import UTC, datetime

from headwater_contract.quoting import quoted


def parse_time(text: str) -> datetime:
    """Return the instant that an ISO 8601 date-time names, in UTC.

    A text without an offset is taken as UTC. Digits beyond microseconds are dropped.

    Raises:
        ValueError: it is not a date-time, or names no instant between the years 1 and 9999.
    """
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{quoted(text)} is not an ISO 8601 date-time") from error


def format_time(time: datetime) -> str:
    """Return an aware date-time as ISO 8601 text in UTC with microseconds."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
