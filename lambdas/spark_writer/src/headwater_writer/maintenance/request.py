"""What the maintenance function is asked for by its schedule or an operator."""

from collections.abc import Mapping
from typing import Any

import msgspec


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
        msgspec.ValidationError: it is not of that form.
    """
    return msgspec.convert(event, Request)
