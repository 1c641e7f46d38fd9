"""What devices send in a schedule, and what must become of each message of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from headwater_contract.stream_record import Entry, Envelope, pack
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES

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
_UNSHAPEABLE: Final = b"[]"
_POISON: Final = (b"", b"not ours", b"\x1f\x8b\x08 cut short", b'{"v":9}\n', b'{"v":1}\n{}')


@dataclass(frozen=True, slots=True)
class Due:
    """A row that a message must become: its table, its index in the record, its event's id."""

    table: str
    index: int
    event_id: str | None


@dataclass(frozen=True, slots=True)
class Content:
    """A stream record's bytes, what is due for it, and its messages that a client may repeat."""

    data: bytes
    due: Sequence[Due]
    accepted: Sequence[Entry]

    def __str__(self) -> str:
        rows = (f"{row.table}.{row.index} {row.event_id or ''}".strip() for row in self.due)
        return ", ".join(rows)


class Messages:
    """Makes the records of a schedule, with an id of its own for every message."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._made = 0

    def record(self, seconds: float, repeatable: Sequence[Entry]) -> Content:
        """Return a record that the collector makes now, some of it sent before."""
        if self._choices.chance(0.1):
            return Content(self._choices.of(_POISON), [Due(FAILED_RECORDS.name, 0, None)], [])
        entries = [self._entry(repeatable) for _ in range(1 + self._choices.below(3))]
        if self._choices.chance(0.05):
            entries.append(entries[0])
        envelope = Envelope(datetime.fromtimestamp(seconds, UTC), APP)
        [data] = pack(envelope, entries)
        due = [row for index, entry in enumerate(entries) for row in _due(entry, index)]
        return Content(data, due, [entry for entry in entries if entry.refusal is None])

    def _entry(self, repeatable: Sequence[Entry]) -> Entry:
        if repeatable and self._choices.chance(0.2):
            return self._choices.of(repeatable)
        self._made += 1
        event_id = f"m-{self._made}"
        if self._choices.chance(0.05):
            return Entry(b"{}", refusal="the simulation refuses it")
        if self._choices.chance(0.05):
            return Entry(_UNSHAPEABLE, "track", event_id)
        message_type, body = self._choices.of(_ACCEPTED)
        return Entry(body, message_type, event_id)


def _due(entry: Entry, index: int) -> list[Due]:
    if entry.refusal is not None or entry.body == _UNSHAPEABLE:
        return [Due(FAILED_RECORDS.name, index, None)]
    due = [Due(EVENTS.name, index, entry.event_id)]
    if entry.message_type in ("identify", "alias"):
        due.append(Due(IDENTIFIES.name, index, entry.event_id))
    return due
