"""The outside world of an event source mapping, in one place."""

import time
from dataclasses import dataclass
from typing import Protocol

from headwater_local.lambda_service.event_source.checkpoints import Checkpoints
from headwater_local.lambda_service.event_source.function import Function
from headwater_local.lambda_service.event_source.on_failure import OnFailure
from headwater_local.lambda_service.event_source.stream import Stream


class Clock(Protocol):
    """The wall clock: record ages are measured against arrival times of the stream."""

    def now(self) -> float:
        """Return the seconds since the Unix epoch."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Return the seconds since the Unix epoch."""
        return time.time()


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything that a step may touch. ``fakes`` has each of them in memory."""

    stream: Stream
    function: Function
    checkpoints: Checkpoints
    on_failure: OnFailure
    clock: Clock
