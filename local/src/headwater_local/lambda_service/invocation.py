"""One event on its way to a worker and back."""

import time
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

from headwater_local.lambda_service.event_source.function import FunctionError


class Worker(Protocol):
    """A process of the function that polls for events, for as long as its connection lasts."""

    def is_gone(self) -> bool:
        """Return whether it has hung up while it waits for an event."""
        ...


@dataclass
class Invocation:
    """One event on its way; times are of the monotonic clock, in seconds."""

    payload: bytes
    request_id: str = field(default_factory=lambda: str(uuid4()))
    worker: Worker | None = None
    deadline_ms: int = 0
    ends_at: float = float("inf")
    answered: bool = False
    response: bytes = b""
    error: FunctionError | None = None

    def take(self, worker: Worker, timeout_seconds: float) -> None:
        """Start the function's time: it has it all, however long the event waited."""
        self.worker = worker
        self.deadline_ms = int((time.time() + timeout_seconds) * 1000)
        self.ends_at = time.monotonic() + timeout_seconds

    def answer(self, response: bytes, error: FunctionError | None) -> None:
        """Set the outcome; only the first one counts."""
        if not self.answered:
            self.answered, self.response, self.error = True, response, error
