"""One event of the doctor's own, followed until it is a row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

import httpx

from headwater_local.doctor.finding import Finding, fault
from headwater_local.doctor.rows import Rows

PART: Final = "probe"
EVENT: Final = "headwater_doctor"
USER_AGENT: Final = "headwater-doctor (bot)"
"""The row is a bot's, which reports leave out unless they are asked for bots."""


@dataclass(frozen=True)
class Probe:
    """Sends an event and looks for it."""

    api_url: str
    write_key: str
    rows: Rows
    event_id: str = field(default_factory=lambda: f"doctor-{uuid4()}")

    def findings(self, client: httpx.Client) -> Iterator[Finding]:
        """Yield whether the event was accepted, and whether it became a row."""
        try:
            answer = self._send(client)
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
            said = f"the event was not answered ({reason})"
            yield fault(PART, said, "run it again; if that does not help, read the collector's log")
            return
        if not answer.is_success:
            said = f"the event was refused ({answer.status_code}): {answer.text[:200]}"
            yield fault(PART, said, "do as the answer says")
            return
        yield self.rows.of(PART, [self.event_id])

    def _send(self, client: httpx.Client) -> httpx.Response:
        return client.post(
            f"{self.api_url}/v1/track",
            auth=(self.write_key, ""),
            json={
                "messageId": self.event_id,
                "event": EVENT,
                "anonymousId": self.event_id,
                "context": {"userAgent": USER_AGENT},
            },
        )
