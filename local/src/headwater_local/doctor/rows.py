"""Events that were accepted, followed until they are rows."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from headwater_local.doctor.finding import Finding, fault
from headwater_reports.errors import QueryError
from headwater_reports.results import Result

DEADLINE_SECONDS: Final = 180
"""A batch waits for a minute, a cold writer takes half of one."""


@dataclass(frozen=True)
class Rows:
    """The lake, which ``ask`` runs SQL on."""

    ask: Callable[[str], Result]
    deadline_seconds: float = DEADLINE_SECONDS
    pause_seconds: float = 2.0

    def of(self, part: str, event_ids: Collection[str]) -> Finding:
        """Return whether events, of this week, became rows, and after how long."""
        wanted = set(event_ids)
        began = time.monotonic()
        while (waited := time.monotonic() - began) < self.deadline_seconds:
            try:
                are_rows = self._are_rows(wanted)
            except QueryError as error:
                said = f"its event was accepted, but cannot be looked for: {error}"
                return fault(part, said, "see what asking takes: docs/operations.md")
            if are_rows:
                return Finding(part, f"its event was a row after {waited:.0f} s")
            time.sleep(self.pause_seconds)
        return fault(
            part,
            f"its event was accepted, and is not a row after {waited:.0f} s",
            "mend what is named above; if nothing is, look into the writer's log",
        )

    def _are_rows(self, ids: Collection[str]) -> bool:
        # They come from a page, which may have chosen them.
        listed = ", ".join("'{}'".format(each.replace("'", "''")) for each in sorted(ids))
        sql = (
            "select count(distinct event_id) from events "  # noqa: S608 -- escaped
            f"where event_time > current_date - interval '7' day and event_id in ({listed})"
        )
        ((count,),) = self.ask(sql).rows
        return bool(count == len(ids))
