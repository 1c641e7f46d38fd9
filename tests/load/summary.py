"""What k6 says of a run."""

import json
from dataclasses import dataclass
from typing import Any, Final, Self

NOTHING: Final = {"values": {"count": 0}}


@dataclass(frozen=True)
class Summary:
    """Requests, those that failed, the events that were accepted, and times in milliseconds."""

    requests: int
    failed: int
    accepted: int
    per_second: float
    median: float
    p95: float
    p99: float
    longest: float

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the metrics that ``ramp.js`` writes."""
        metrics: dict[str, Any] = json.loads(text)
        requests, times = metrics["http_reqs"]["values"], metrics["http_req_duration"]["values"]
        return cls(
            requests=requests["count"],
            # Of a rate of failures, what passes is what failed.
            failed=metrics["http_req_failed"]["values"]["passes"],
            # A counter that nothing was added to is left out.
            accepted=metrics.get("accepted_events", NOTHING)["values"]["count"],
            per_second=requests["rate"],
            median=times["med"],
            p95=times["p(95)"],
            p99=times["p(99)"],
            longest=times["max"],
        )
