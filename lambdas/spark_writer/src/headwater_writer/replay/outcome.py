"""The outcome of a replay."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of messages, and of those that still fail, by reason.

    ``replayed`` became events now, ``already`` were events, ``set_aside`` became failed records.
    """

    replayed: int = 0
    already: int = 0
    set_aside: int = 0
    failing: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.replayed + other.replayed,
            self.already + other.already,
            self.set_aside + other.set_aside,
            self.failing + other.failing,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the counts, the most frequent reasons first."""
        return {
            "replayed": self.replayed,
            "already": self.already,
            "set_aside": self.set_aside,
            "failing": dict(self.failing.most_common()),
        }
