"""One worker at a time: a lease in the table's properties, with a holder and an end.

A lease keeps two workers from doing the same work and from undoing each other's; it does not guard
the data. If it is lost in the middle of a step, because of a clock or a pause, Iceberg's own
validation still refuses a commit that no longer fits the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from headwater_writer.maintenance.errors import LeaseHeldError, LeaseLostError
from headwater_writer.maintenance.properties import parse_time

PROPERTY: Final = "headwater.maintenance.lease"

DURATION: Final = timedelta(minutes=20)
"""Longer than a Lambda can live (15 minutes): when a lease has run out, its holder is gone."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The worker that may work on a table, and until when (aware UTC)."""

    holder: str
    until: datetime

    @classmethod
    def parse(cls, text: str) -> "Lease":
        """Return the lease that ``str`` gave.

        Raises:
            ValueError: the text is not of that form.
        """
        holder, _, until = text.partition(" ")
        return cls(holder, parse_time(until))

    def __str__(self) -> str:
        return f"{self.holder} {self.until.isoformat()}"


def taken(properties: Mapping[str, str], holder: str, now: datetime) -> Mapping[str, str]:
    """Return the properties with the lease given to ``holder``.

    Raises:
        LeaseHeldError: another worker has it, and it has not run out.
    """
    lease = _lease(properties)
    if lease and lease.holder != holder and now < lease.until:
        raise LeaseHeldError(
            f"{lease.holder} is working on it, until {lease.until:%H:%M:%S} UTC at the latest"
        )
    return _given(properties, holder, now)


def renewed(properties: Mapping[str, str], holder: str, now: datetime) -> Mapping[str, str]:
    """Return the properties with the holder's lease extended.

    Raises:
        LeaseLostError: the holder does not have it any more.
    """
    lease = _lease(properties)
    if lease is None or lease.holder != holder:
        raise LeaseLostError(
            f"the lease of {holder} is gone: it ran out and another worker took it, "
            "or the table was created again"
        )
    return _given(properties, holder, now)


def released(properties: Mapping[str, str], holder: str) -> Mapping[str, str]:
    """Return the properties without the holder's lease; another's stays."""
    lease = _lease(properties)
    if lease is None or lease.holder != holder:
        return properties
    return {name: value for name, value in properties.items() if name != PROPERTY}


def _lease(properties: Mapping[str, str]) -> Lease | None:
    try:
        return Lease.parse(properties.get(PROPERTY, ""))
    except ValueError:  # No worker wrote that, so none holds it.
        return None


def _given(properties: Mapping[str, str], holder: str, now: datetime) -> Mapping[str, str]:
    return {**properties, PROPERTY: str(Lease(holder, now + DURATION))}
