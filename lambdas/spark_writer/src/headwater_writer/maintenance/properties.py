"""A table's properties as a shared memory: read, decide, and replace only what was read.

Iceberg's own property update is not enough for that: it repeats itself on whatever it finds when
it loses a race, so that two who saw a lease free would both get it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias

from headwater_writer.maintenance.errors import ContentionError

MAX_TRIES: Final = 50
"""Writers commit to the same table a few times a second, and each commit overtakes a try."""

Opaque: TypeAlias = Any
"""What only the table itself looks into."""

Change: TypeAlias = Callable[[Mapping[str, str]], Mapping[str, str]]
"""Gives the properties to have instead of those that are; what it raises ends the update."""


@dataclass(frozen=True, slots=True)
class Version:
    """A table's properties as they stood when they were read, and the table's own view of it."""

    properties: Mapping[str, str]
    base: Opaque


class Properties(Protocol):
    """The properties of a table."""

    def read(self) -> Version:
        """Read them anew."""

    def swap(self, version: Version, properties: Mapping[str, str]) -> bool:
        """Replace them if the table is still as read; return whether it surely happened.

        After a lost answer it may have happened nevertheless: read again, and decide again.
        """


def update(table: Properties, change: Change) -> None:
    """Apply a change, decided anew on each version until one is replaced.

    ``change`` must be content with its own result, which it sees after a lost answer.

    Raises:
        ContentionError: ``MAX_TRIES`` were overtaken.
    """
    for _ in range(MAX_TRIES):
        version = table.read()
        wanted = change(version.properties)
        if wanted == version.properties or table.swap(version, wanted):
            return
    raise ContentionError(f"the properties changed under each of {MAX_TRIES} tries")


def parse_time(text: str) -> datetime:
    """Return the time (aware) of an ISO 8601 text: anybody can set a property to anything.

    Raises:
        ValueError: it is not a time, or has no UTC offset.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text!r} has no UTC offset")
    return time


class MemoryProperties:
    """Properties in memory: the port's working stand-in for tests, lock included."""

    def __init__(self, properties: Mapping[str, str] | None = None) -> None:
        self.properties: Mapping[str, str] = properties or {}

    def read(self) -> Version:
        """Return what is there; what was read is recognised by its identity."""
        return Version(self.properties, self.properties)

    def swap(self, version: Version, properties: Mapping[str, str]) -> bool:
        """Replace the properties if nobody did since."""
        if self.properties is not version.base:
            return False
        self.properties = dict(properties)
        return True
