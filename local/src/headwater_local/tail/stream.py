"""The messages of a stream, from a time on, over all shards."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from headwater_contract.kinesis_event import ReceivedRecord, decode
from headwater_local.lambda_service.event_source.stream import AtTimestamp, Position, Record, Stream
from headwater_local.tail.seen import Seen, of_stream

PAGE_RECORDS: Final = 10_000
"""The most that GetRecords gives at once."""
SHARDS_SECONDS: Final = 10.0
"""How often new shards are looked for, which come from those that are followed."""


@dataclass
class StreamTail:
    """Follows a stream; ``since`` is in seconds since the Unix epoch.

    A read of each shard takes one of the five a second that its readers share ("GetRecords",
    Kinesis API).
    """

    stream: Stream
    name: str
    since: float
    _positions: dict[str, Position] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)
    _listed_at: float = -math.inf

    @property
    def shards(self) -> int:
        """Shards that are followed."""
        return len(self._positions.keys() - self._ended)

    def read(self, now: float) -> Iterator[Seen]:
        """Yield what has come to each shard since the last time; ``now`` as ``since``.

        Raises:
            StreamError: try again later; nothing is skipped.
        """
        if now - self._listed_at >= SHARDS_SECONDS:
            for shard in self.stream.shards():
                self._positions.setdefault(shard.shard_id, AtTimestamp(self.since))
            self._listed_at = now
        for shard_id in [each for each in self._positions if each not in self._ended]:
            yield from self._read(shard_id)

    def _read(self, shard_id: str) -> Iterator[Seen]:
        page = self.stream.read(shard_id, self._positions[shard_id], PAGE_RECORDS)
        for record in page.records:
            yield from self._messages(shard_id, record)
        self._positions[shard_id] = page.next_position
        if page.closed:
            self._ended.add(shard_id)

    def _messages(self, shard_id: str, record: Record) -> Iterator[Seen]:
        arrived_at = datetime.fromtimestamp(record.arrived_at, UTC)
        shard = f"{self.name}/{shard_id}"
        received = ReceivedRecord(shard, record.sequence_number, record.data, arrived_at)
        for found in decode(received):
            yield of_stream(found, arrived_at)
