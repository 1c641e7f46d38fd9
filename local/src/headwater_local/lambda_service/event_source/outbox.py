"""Delivering a discarded batch to its destination, however often it takes."""

import logging

from headwater_local.lambda_service.event_source.on_failure import (
    DestinationError,
    DiscardedBatch,
    OnFailure,
)
from headwater_local.lambda_service.event_source.ports import Clock
from headwater_local.lambda_service.event_source.retry import pause_seconds

_log = logging.getLogger(__name__)


class Outbox:
    """Holds at most one discarded batch of a shard until the destination has it.

    AWS does not say what becomes of a batch that the destination refuses. Here
    the shard waits: what was accepted must not vanish.
    """

    def __init__(self, destination: OnFailure, clock: Clock) -> None:
        self._destination = destination
        self._clock = clock
        self._failures = 0
        self.due_at = clock.now()
        self.pending: DiscardedBatch | None = None

    def put(self, batch: DiscardedBatch) -> None:
        """Take a batch; it is pending from now on."""
        self.pending, self._failures, self.due_at = batch, 0, batch.discarded_at

    def send(self, batch: DiscardedBatch) -> bool:
        """Try once to deliver the pending batch; return whether it arrived."""
        try:
            self._destination.send(batch)
        except DestinationError as error:
            self._failed(batch, error)
            return False
        self.pending = None
        return True

    def _failed(self, batch: DiscardedBatch, error: DestinationError) -> None:
        self._failures += 1
        self.due_at = self._clock.now() + pause_seconds(self._failures)
        if self._failures == 1:
            fields = {"shard": batch.shard_id, "reason": str(error)}
            _log.warning("on-failure destination takes nothing for now", extra={"fields": fields})
