"""Polling one shard: from which position, how often, and what to do about failed reads."""

import logging

from headwater_local.lambda_service.event_source.ports import Clock
from headwater_local.lambda_service.event_source.retry import pause_seconds
from headwater_local.lambda_service.event_source.stream import Position, Record, Stream, StreamError

IDLE_POLL_SECONDS = 1.0
"""Lambda polls a shard once a second ("Using Lambda to process records from Amazon
Kinesis Data Streams", AWS Lambda developer guide)."""
BUSY_POLL_SECONDS = 0.2
"""A shard that has more may be read five times a second ("GetRecords", Kinesis API)."""

_log = logging.getLogger(__name__)


class ShardReader:
    """Reads a shard in order, at a rate the stream allows.

    ``due_at`` (epoch seconds) is when the next read makes sense, ``closed``
    says that there is nothing after what was read.
    """

    def __init__(self, shard_id: str, position: Position, stream: Stream, clock: Clock) -> None:
        self._shard_id = shard_id
        self._position = position
        self._stream = stream
        self._clock = clock
        self._failures = 0
        self.due_at = clock.now()
        self.closed = False
        self.millis_behind = 0

    def read(self, limit: int) -> tuple[Record, ...]:
        """Read once; nothing is returned when there is nothing or the read failed."""
        try:
            result = self._stream.read(self._shard_id, self._position, limit)
        except StreamError as error:
            self._failed(error)
            return ()
        self._failures = 0
        self._position, self.closed = result.next_position, result.closed
        self.millis_behind = result.millis_behind
        pause = BUSY_POLL_SECONDS if result.millis_behind > 0 else IDLE_POLL_SECONDS
        self.due_at = self._clock.now() + pause
        return result.records

    def _failed(self, error: StreamError) -> None:
        self._failures += 1
        self.due_at = self._clock.now() + pause_seconds(self._failures)
        if self._failures == 1:
            fields = {"shard": self._shard_id, "reason": str(error)}
            _log.warning("shard cannot be read for now", extra={"fields": fields})
