"""Which messages are asked for."""

from collections.abc import Collection
from dataclasses import dataclass

from headwater_local.tail.seen import Fate, Seen


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; what is empty lets everything pass.

    ``types`` are message types (``track``, ``page``), ``events`` event types (``Order placed``,
    ``page_view``). With ``only_trouble`` nothing that is accepted passes.
    """

    types: Collection[str] = ()
    events: Collection[str] = ()
    only_trouble: bool = False

    def __call__(self, seen: Seen) -> bool:
        """Tell whether a message is asked for."""
        return (
            (not self.types or seen.message_type in self.types)
            and (not self.events or seen.event_type in self.events)
            and not (self.only_trouble and seen.fate is Fate.ACCEPTED)
        )
