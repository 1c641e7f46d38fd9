"""What the replay function is asked for by an operator or a schedule."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Replay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Failed records, put through again.

    ``where`` is a condition on the table's columns, Spark SQL; ``after`` the shard and the sequence
    number up to which it is done.
    """

    where: str | None = None
    dry_run: bool = False
    after: tuple[str, str] | None = None


class GivenUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The batches that wait; with ``alarm``, one that fails again is an error of the function."""

    alarm: bool = False


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the two."""

    replay: Replay | None = None
    given_up: GivenUp | None = None


def request(event: Mapping[str, Any]) -> Replay | GivenUp:
    """Return what an event asks for.

    Nothing in it is passed over: a condition with a slip in its name must not replay everything.

    Raises:
        msgspec.ValidationError: it asks for something else, or for more than one thing.
    """
    found = msgspec.convert(event, Request)
    asked = [each for each in (found.replay, found.given_up) if each is not None]
    if len(asked) != 1:
        raise msgspec.ValidationError("give one of `replay` and `given_up`")
    return asked[0]
