"""What a schedule or an operator may ask the replay function to do."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from headwater_contract.quoting import quoted
from headwater_writer.replay.filter import Filter, require_text


class Replay(Filter, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Failed records that match a filter, to be replayed.

    ``after`` is the shard and the sequence number of the last record that is done.
    """

    dry_run: bool = False
    after: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for text in self.after or ():
            require_text("after", text)


class GivenUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All batches that wait; with ``alarm``, one that still fails is an error of the function."""

    alarm: bool = False


class Backfill(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The files at a source, to be written into the tables.

    With ``app`` they are files of its messages, without it an archive. ``after`` is a file's name
    and how many of its lines are done.
    """

    source: str
    app: str | None = None
    after: tuple[str, Annotated[int, msgspec.Meta(ge=0)]] | None = None

    def __post_init__(self) -> None:
        for name, text in {"source": self.source, "app": self.app}.items():
            if text is not None:
                require_text(name, text)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the three."""

    replay: Replay | None = None
    given_up: GivenUp | None = None
    backfill: Backfill | None = None


def request(event: Mapping[str, Any]) -> Replay | GivenUp | Backfill:
    """Return what an event asks for.

    Nothing in it is ignored: a typo in a field's name must not replay everything.

    Raises:
        msgspec.ValidationError: it asks for something else, or for more than one thing; the text
            says what it may ask for.
    """
    _require_known("an event", event, Request)
    _require_known("`replay`", event.get("replay"), Replay)
    _require_known("`given_up`", event.get("given_up"), GivenUp)
    _require_known("`backfill`", event.get("backfill"), Backfill)
    found = _convert(event)
    all_three = (found.replay, found.given_up, found.backfill)
    asked = [each for each in all_three if each is not None]
    if len(asked) != 1:
        raise msgspec.ValidationError("give one of `replay`, `given_up` and `backfill`")
    return asked[0]


def _convert(event: Mapping[str, Any]) -> Request:
    try:
        return msgspec.convert(event, Request)
    except msgspec.ValidationError as error:
        # A sentence of the filter's own names its field already.
        text = str(error).removesuffix(" - at `$.replay`").removesuffix(" - at `$.backfill`")
        raise msgspec.ValidationError(text) from error


def _require_known(what: str, given: object, form: type[msgspec.Struct]) -> None:
    fields = form.__struct_encode_fields__
    for name in given if isinstance(given, Mapping) else ():
        if name not in fields:
            raise msgspec.ValidationError(
                f"{quoted(name)} is not a field of {what}: the fields are {', '.join(fields)}"
            )
