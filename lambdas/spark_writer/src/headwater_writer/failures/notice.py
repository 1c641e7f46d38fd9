"""What the operator is told of failed records: how many, why, and where they are. Never bodies."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from headwater_writer.rows.rows import Row

if TYPE_CHECKING:
    from datetime import datetime

SHOWN_REASONS: Final = 5
SHOWN_PLACES: Final = 5

_MAX_REASON: Final = 200
_QUOTED: Final = re.compile(r"""(?<!\w)b?(['"])(?:\\.|(?!\1).)*(?:\1|$)""", re.DOTALL)
_NUMBER: Final = re.compile(r"\d+")


def wording(reason: str) -> str:
    """Return a reason without what it quotes of a message: that may be anybody's data."""
    return _QUOTED.sub("…", reason)[:_MAX_REASON]


class Notice:
    """Failed records, added up.

    Reasons that differ in a quotation or a number count as one, and the first one's words stand
    for them.
    """

    def __init__(self) -> None:
        self._counts = Counter[tuple[str, str]]()
        self._words: dict[tuple[str, str], str] = {}
        self._places: dict[str, None] = {}
        self._times: list[datetime] = []

    def __len__(self) -> int:
        return self._counts.total()

    def add(self, rows: Sequence[Row], places: Iterable[str]) -> None:
        """Add failed records, and the URIs of what holds them."""
        for row in rows:
            words = wording(row["reason"])
            kind = row["stage"], _NUMBER.sub("0", words)
            self._counts[kind] += 1
            self._words.setdefault(kind, words)
        self._places.update(dict.fromkeys(places))
        times = [*self._times, *(row["failed_at"] for row in rows)]
        self._times = [min(times), max(times)]

    @property
    def subject(self) -> str:
        """The subject: less than 100 characters of ASCII, as SNS wants it."""
        records = "record" if len(self) == 1 else "records"
        return f"Headwater: {len(self)} failed {records}"

    @property
    def text(self) -> str:
        """The message: a few lines of text."""
        first, last = self._times
        return "\n".join(
            [
                f"{len(self)} failed, from {first:%Y-%m-%d %H:%M:%S} to {last:%H:%M:%S} UTC:",
                *self._reasons(),
                "",
                "They are in the table failed_records, and as JSON lines in",
                *_some(list(self._places), SHOWN_PLACES, "places"),
                "",
                "After a fix, replay puts them through again.",
                "",
            ]
        )

    def _reasons(self) -> list[str]:
        lines = [
            f"{count} {kind[0]}: {self._words[kind]}" for kind, count in self._counts.most_common()
        ]
        return _some(lines, SHOWN_REASONS, "reasons")


def _some(lines: Sequence[str], shown: int, name: str) -> list[str]:
    rest = [f"and {len(lines) - shown} more {name}"] if len(lines) > shown else []
    return [f"  {each}" for each in [*lines[:shown], *rest]]
