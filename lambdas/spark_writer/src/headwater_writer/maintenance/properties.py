"""A table's properties, changed by compare-and-swap.

Iceberg's own property update is not enough for that: after a conflict it retries on whatever it
finds, so that two workers that saw a lease free would both get it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias

from headwater_writer.maintenance.errors import ContentionError

MAX_TRIES: Final = 50
"""Writers commit to the same table a few times a second, and each commit fails an attempt."""

Opaque: TypeAlias = Any
"""A value that only the table itself looks into."""

Change: TypeAlias = Callable[[Mapping[str, str]], Mapping[str, str]]
"""Returns new properties for the present ones; what it raises ends the update."""


@dataclass(frozen=True, slots=True)
class Version:
    """A table's properties as they were read, and the table's own view of that state."""

    properties: Mapping[str, str]
    base: Opaque


class Properties(Protocol):
    """The properties of a table."""

    def read(self) -> Version:
        """Read the newest ones."""

    def swap(self, version: Version, properties: Mapping[str, str]) -> bool:
        """Replace them if the table is still as read; return whether that is sure to have happened.

        If the answer was lost it may have happened nevertheless: read and decide again.
        """


def update(table: Properties, change: Change) -> None:
    """Apply a change, decided on each version until one is replaced.

    ``change`` must be idempotent: after a lost answer it sees its own result.

    Raises:
        ContentionError: others changed them at each of ``MAX_TRIES`` attempts.
    """
    for _ in range(MAX_TRIES):
        version = table.read()
        wanted = change(version.properties)
        if wanted == version.properties or table.swap(version, wanted):
            return
    raise ContentionError(f"others changed the properties at each of {MAX_TRIES} attempts")


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
    """Properties in memory: a working fake of the port, with compare-and-swap."""

    def __init__(self, properties: Mapping[str, str] | None = None) -> None:
        self.properties: Mapping[str, str] = properties or {}

    def read(self) -> Version:
        """Return the properties; what was read is recognised by its identity."""
        return Version(self.properties, self.properties)

    def swap(self, version: Version, properties: Mapping[str, str]) -> bool:
        """Replace the properties if nobody has replaced them since."""
        if self.properties is not version.base:
            return False
        self.properties = dict(properties)
        return True
