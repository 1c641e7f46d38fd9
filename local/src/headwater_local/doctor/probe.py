"""One event of the doctor's own, followed until it is a row."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

import httpx

from headwater_local.doctor.finding import Finding, fault
from headwater_reports.results import Result

PART: Final = "probe"
EVENT: Final = "headwater_doctor"
USER_AGENT: Final = "headwater-doctor (bot)"
"""The row is a bot's, which reports leave out unless they are asked for bots."""

DEADLINE_SECONDS: Final = 180
"""A batch waits for a minute, a cold writer takes half of one."""


@dataclass(frozen=True)
class Probe:
    """Sends an event and looks for it; ``ask`` runs SQL on the lake."""

    api_url: str
    write_key: str
    ask: Callable[[str], Result]
    deadline_seconds: float = DEADLINE_SECONDS
    pause_seconds: float = 2.0
    event_id: str = field(default_factory=lambda: f"doctor-{uuid4()}")

    def findings(self, client: httpx.Client) -> Iterator[Finding]:
        """Yield whether the event was accepted, and whether it became a row."""
        answer = client.post(
            f"{self.api_url}/v1/track",
            auth=(self.write_key, ""),
            json={
                "messageId": self.event_id,
                "event": EVENT,
                "anonymousId": self.event_id,
                "context": {"userAgent": USER_AGENT},
            },
        )
        if not answer.is_success:
            said = f"the event was refused ({answer.status_code}): {answer.text[:200]}"
            yield fault(PART, said, "do as the answer says")
            return
        yield self._row()

    def _row(self) -> Finding:
        began = time.monotonic()
        while (waited := time.monotonic() - began) < self.deadline_seconds:
            if self._is_row():
                return Finding(PART, f"its event was a row after {waited:.0f} s")
            time.sleep(self.pause_seconds)
        return fault(
            PART,
            f"its event was accepted, and is not a row after {waited:.0f} s",
            "mend what is named above; if nothing is, look into the writer's log",
        )

    def _is_row(self) -> bool:
        sql = f"select count(*) from events where event_id = '{self.event_id}'"  # noqa: S608 -- our id
        ((count,),) = self.ask(sql).rows
        return bool(count)
