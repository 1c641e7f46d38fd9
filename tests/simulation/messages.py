"""What devices send in a schedule, and what may become of each message of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.stream_record import pack
from headwater_writer.rows.rows import Rules
from headwater_writer.tracking_plan.parse import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.choices import Choices

APP: Final = "shop"

_ACCEPTED: Final = (
    ("track", b'{"event":"e","anonymousId":"a"}'),
    ("page", b'{"anonymousId":"a"}'),
    ("identify", b'{"anonymousId":"a","userId":"u"}'),
    ("alias", b'{"previousId":"a","userId":"u"}'),
)
_PLANNED: Final = (
    ("track", b'{"event":"paid","anonymousId":"a","properties":{"total":"x"}}'),
    ("identify", b'{"anonymousId":"a","userId":"u","traits":{"age":"x"}}'),
)
"""Messages that a stricter tracking plan lets fail."""

_OTHER: Final = ("track", b'{"event":"another","anonymousId":"b"}')
"""What a client sends under an id that it has used for something else."""

_UNSHAPEABLE: Final = b"[]"
_POISON: Final = (b"", b"not ours", b"\x1f\x8b\x08 cut short", b'{"v":9}\n', b'{"v":1}\n{}')

LENIENT: Final = Rules()
STRICT: Final = Rules(
    plan=parse(
        b"version: 1\non_mismatch: fail\nevents:\n"
        b"  paid: {properties: {total: double}}\n  identify: {properties: {age: long}}\n"
    )
)
"""Rules that are deployed by turns."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a message may become: an event, a failed record, or either, as the rules are.

    ``index`` is its index in the record; ``says`` its id and what it says: a repeat has the same.
    """

    index: int
    says: tuple[str, bytes] | None
    may_be_event: bool
    may_fail: bool
    identifies: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A stream record's bytes, what is due for it, and its messages that a client may repeat."""

    data: bytes
    due: Sequence[Due]
    accepted: Sequence[Entry]

    def __str__(self) -> str:
        return ", ".join(_described(due) for due in self.due)


class Messages:
    """Makes the records of a schedule, with an id of its own for nearly every message."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._made = 0

    def record(self, seconds: float, repeatable: Sequence[Entry]) -> Content:
        """Return a record that the collector makes now, some of it sent before."""
        if self._choices.chance(0.1):
            poison = Due(0, None, may_be_event=False, may_fail=True)
            return Content(self._choices.of(_POISON), [poison], [])
        entries = [self._entry(repeatable) for _ in range(1 + self._choices.below(3))]
        if self._choices.chance(0.05):
            entries.append(entries[0])
        envelope = Envelope(datetime.fromtimestamp(seconds, UTC), APP)
        [data] = pack(envelope, entries)
        due = [_due(entry, index) for index, entry in enumerate(entries)]
        return Content(data, due, [entry for entry in entries if entry.refusal is None])

    def _entry(self, repeatable: Sequence[Entry]) -> Entry:
        if repeatable and self._choices.chance(0.2):
            earlier = self._choices.of(repeatable)
            if self._choices.chance(0.2):
                message_type, body = _OTHER
                return Entry(body, message_type, earlier.event_id)
            return earlier
        self._made += 1
        event_id = f"m-{self._made}"
        if self._choices.chance(0.05):
            return Entry(b"{}", refusal="the simulation refuses it")
        if self._choices.chance(0.05):
            return Entry(_UNSHAPEABLE, "track", event_id)
        kinds = _PLANNED if self._choices.chance(0.2) else _ACCEPTED
        message_type, body = self._choices.of(kinds)
        return Entry(body, message_type, event_id)


def _due(entry: Entry, index: int) -> Due:
    if entry.refusal is not None or entry.body == _UNSHAPEABLE:
        return Due(index, None, may_be_event=False, may_fail=True)
    return Due(
        index,
        (str(entry.event_id), entry.body),
        may_be_event=True,
        may_fail=entry.body in [body for _, body in _PLANNED],
        identifies=entry.message_type in ("identify", "alias"),
    )


def _described(due: Due) -> str:
    kind = "failed" if not due.may_be_event else "either" if due.may_fail else "event"
    return f"{kind}.{due.index} {due.says[0] if due.says else ''}".strip()
