"""When the records read from a shard are enough to invoke the function."""

from collections.abc import Iterable

from headwater_local.lambda_service.event_source.event import (
    EMPTY_EVENT_BYTES,
    PAYLOAD_LIMIT_BYTES,
    PayloadMeter,
)
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.event_source.stream import Record


class Batcher:
    """Gathers records of one shard until a batch is due.

    "Batching behavior" in the AWS Lambda developer guide: a batch is due when
    it has BatchSize records, when its payload reaches 6 MB, or when the
    batching window is over, whichever comes first. A window begins as soon as
    the invocation before it completed; one that brought nothing is followed by
    another.
    """

    def __init__(self, mapping: EventSourceMapping, shard_id: str, now: float) -> None:
        self._batch_size = mapping.batch_size
        self._window_seconds = mapping.batching_window_seconds
        self._meter = PayloadMeter(mapping, shard_id)
        self._window_opened_at = now
        self._records: list[Record] = []
        self._fitting = 0
        self._payload_bytes = EMPTY_EVENT_BYTES

    def __len__(self) -> int:
        return len(self._records)

    @property
    def room(self) -> int:
        """How many more records the batch takes by count."""
        return self._batch_size - len(self._records)

    @property
    def window_ends_at(self) -> float:
        """When a batch that does not fill up before is due."""
        return self._window_opened_at + self._window_seconds

    def add(self, records: Iterable[Record], now: float) -> None:
        """Append records that follow, in sequence order, those added before."""
        if not self._records and now >= self.window_ends_at:
            self.open_window(now)
        for record in records:
            self._append(record)

    def is_due(self, now: float) -> bool:
        """Return whether to invoke now with what is there."""
        if not self._records:
            return False
        full = self.room <= 0 or self._fitting < len(self._records)
        return full or now >= self.window_ends_at

    def take(self) -> tuple[Record, ...]:
        """Remove and return the next batch: as many records as size and payload allow.

        A single record that is too large for any payload is a batch of its
        own: the invocation will be refused and the mapping's error handling
        deals with it.
        """
        count = max(1, min(self._fitting, self._batch_size))
        batch, rest = tuple(self._records[:count]), self._records[count:]
        self._records, self._fitting, self._payload_bytes = [], 0, EMPTY_EVENT_BYTES
        for record in rest:
            self._append(record)
        return batch

    def open_window(self, now: float) -> None:
        """Begin the next batching window."""
        self._window_opened_at = now

    def _append(self, record: Record) -> None:
        fits_so_far = self._fitting == len(self._records)
        self._records.append(record)
        self._payload_bytes += self._meter.bytes_of(record)
        # The first record has no comma before it: one byte less than counted.
        if fits_so_far and self._payload_bytes - len(",") <= PAYLOAD_LIMIT_BYTES:
            self._fitting += 1
