"""One flight: events are sent, and looked for until they are rows or too late."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from headwater_contract.canary import CANARY_APP

EVENTS: Final = 3
DEADLINE_SECONDS: Final = 240
"""Less than the five minutes between two flights. A batch waits for a minute, and a cold writer
takes half of one."""

FIRST_LOOK_SECONDS: Final = 45
LOOK_SECONDS: Final = 15
"""From one look to the next, and the least that a look may take. Each is paid for: Athena bills
10 MB at least."""


class NotSentError(Exception):
    """The events were not accepted; the text says why."""


class NotSeenError(Exception):
    """The table could not be asked, or did not answer in time; the text says why."""


@dataclass(frozen=True, slots=True)
class Flight:
    """What became of a flight's events.

    ``seconds`` is how long it took until the last was a row, as seen by somebody who asks; None if
    any is lost. ``trouble`` says why.
    """

    sent: int
    lost: int
    seconds: float | None = None
    trouble: str | None = None


@dataclass(frozen=True)
class Canary:
    """Sends events by their ids, and asks which of them are rows; the clock is in seconds.

    ``send`` raises ``NotSentError``; ``rows``, which is told how many seconds it may take, raises
    ``NotSeenError``.
    """

    send: Callable[[Collection[str]], None]
    rows: Callable[[Collection[str], float], Collection[str]]
    now: Callable[[], float]
    sleep: Callable[[float], None]
    deadline_seconds: float = DEADLINE_SECONDS
    first_look_seconds: float = FIRST_LOOK_SECONDS
    look_seconds: float = LOOK_SECONDS

    def fly(self) -> Flight:
        """Send events and look for them. Whatever keeps the canary from seeing one, it is lost."""
        ids = [f"canary-{uuid4()}" for _ in range(EVENTS)]
        began = self.now()
        try:
            self.send(ids)
        except NotSentError as error:
            return Flight(len(ids), len(ids), trouble=str(error))
        return self._look(ids, began)

    def _look(self, ids: Collection[str], began: float) -> Flight:
        missing, trouble = set(ids), None
        until = began + self.deadline_seconds
        pause = self.first_look_seconds
        while self.now() + pause <= until:
            self.sleep(pause)
            pause = self.look_seconds
            # The last look begins in time, but would be in vain without time for its answer.
            left = max(until - self.now(), self.look_seconds)
            try:
                missing -= set(self.rows(missing, left))
                trouble = None
            except NotSeenError as error:
                trouble = str(error)
            if not missing:
                return Flight(len(ids), 0, self.now() - began)
        waited = f"{self.deadline_seconds:.0f} s"
        lost = f"{len(missing)} of {len(ids)} events are not rows after {waited}"
        return Flight(len(ids), len(missing), trouble=trouble or lost)


def statement(ids: Collection[str], day: str) -> str:
    """Return the query for those of some events that are rows; ``day``, as 2026-01-31, is theirs.

    The day before is looked at too: events may be sent just before midnight.
    """
    listed = ", ".join(f"'{each}'" for each in sorted(ids))
    return (
        "select distinct event_id from events "  # noqa: S608 -- ids of our own
        f"where event_time >= timestamp '{day} 00:00:00' - interval '1' day "
        f"and app_id = '{CANARY_APP}' and event_id in ({listed})"
    )
