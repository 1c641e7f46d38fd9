"""What the maintenance function is asked for by its schedule or an operator."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec

from headwater_contract.tables import TABLES
from headwater_writer.maintenance.steps import NAMES


class Rewinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table, taken to a snapshot: ``to`` is its id, or the time (UTC) at which it was newest."""

    table: str
    to: str | int
    dry_run: bool = False


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Steps by name for tables by name; all tables and what is due to them, where none is named.

    With ``rewind``, that instead.
    """

    tables: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    rewind: Rewinding | None = None


def request(event: Mapping[str, Any]) -> Request:
    """Return what an event asks for.

    Raises:
        msgspec.ValidationError: it is not of that form, or names a table or a step that is none.
    """
    asked = msgspec.convert(event, Request)
    _require_known("table", asked.tables, [table.name for table in TABLES])
    _require_known("step", asked.steps, NAMES)
    return asked


def _require_known(kind: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise msgspec.ValidationError(
                f"{name!r:.60} is no {kind}: name some of {', '.join(known)}"
            )
