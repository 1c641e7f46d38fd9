"""What a schedule or an operator may ask the maintenance function to do."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from headwater_contract.tables import TABLES
from headwater_contract.times import parse_time
from headwater_writer.maintenance.schedule import NAMES

TABLE_NAMES: Final = tuple(table.name for table in TABLES)


class Rewinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table, taken to a snapshot: ``to`` is its id, or the time (UTC) at which it was newest."""

    table: str
    to: str | int
    dry_run: bool = False

    @property
    def target(self) -> int | datetime:
        """The snapshot's id, or the time (aware UTC).

        Raises:
            ValueError: ``to`` is neither.
        """
        text = str(self.to)
        if text.isdecimal():
            return int(text)
        return parse_time(text)


class Listing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table, whose snapshots are listed: what it can be rewound to."""

    table: str


class Registering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table that the catalog has lost, and the metadata file to register it by; None: newest."""

    table: str
    metadata: str | None = None
    dry_run: bool = False


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Steps and tables by name; if none is named, all tables and whatever is due.

    ``rewind``, ``snapshots`` or ``register`` asks for that instead.
    """

    tables: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    rewind: Rewinding | None = None
    snapshots: Listing | None = None
    register: Registering | None = None

    @property
    def of_one_table(self) -> tuple[Rewinding | Listing | Registering | None, ...]:
        """What is asked of one table, each None if it is not."""
        return (self.rewind, self.snapshots, self.register)


def request(event: Mapping[str, Any]) -> Request:
    """Return what an event asks for.

    Raises:
        msgspec.ValidationError: it has another form, asks for two things at once, or names a table,
            a step or a time that does not exist; the text says what it may say.
    """
    asked = msgspec.convert(event, Request)
    table_of = [each.table for each in asked.of_one_table if each]
    _require_known("table", (*asked.tables, *table_of), TABLE_NAMES)
    _require_known("step", asked.steps, NAMES)
    if len(table_of) > 1 or (table_of and (asked.tables or asked.steps)):
        raise msgspec.ValidationError(
            "give `rewind`, `snapshots` or `register` alone, without anything else"
        )
    if asked.rewind:
        _require_target(asked.rewind)
    return asked


def _require_known(kind: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise msgspec.ValidationError(
                f"unknown {kind} {name!r:.60}: choose from {', '.join(known)}"
            )


def _require_target(asked: Rewinding) -> None:
    try:
        _ = asked.target
    except ValueError as error:
        raise msgspec.ValidationError(
            f"{asked.to!r:.60} is neither a snapshot's id nor a time: write 2026-01-31T13:37, in "
            "UTC, or list the snapshots"
        ) from error
