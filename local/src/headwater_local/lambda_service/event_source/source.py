"""All shards of one stream, each in its turn and parents before children."""

import logging
from collections.abc import Collection, Mapping, Sequence

from headwater_local.lambda_service.event_source.checkpoints import Checkpoint
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping, StartingPosition
from headwater_local.lambda_service.event_source.ports import Ports
from headwater_local.lambda_service.event_source.retry import pause_seconds
from headwater_local.lambda_service.event_source.shard_consumer import ShardConsumer, ShardStatus
from headwater_local.lambda_service.event_source.stream import (
    AtTimestamp,
    Shard,
    StreamError,
    TrimHorizon,
)

LISTING_SECONDS = 10.0
"""How long a split or merge may go unnoticed."""

_log = logging.getLogger(__name__)


class EventSource:
    """Runs a mapping: one step at a time, for a loop or a simulation to call.

    Shards are stepped in rotation, so a busy one keeps no other waiting for
    longer than an invocation. A crashed source is replaced by a new one on the
    same checkpoints.
    """

    def __init__(self, mapping: EventSourceMapping, ports: Ports) -> None:
        self._mapping = mapping
        self._ports = ports
        self._known: dict[str, Checkpoint] = dict(ports.checkpoints.load())
        self._shards: Sequence[Shard] = ()
        self._listing_due_at = ports.clock.now()
        self._listing_failures = 0
        self._consumers: dict[str, ShardConsumer] = {}
        self._due_at: dict[str, float] = {}

    @property
    def status(self) -> Mapping[str, ShardStatus]:
        """A snapshot of every shard that is being read, by shard id."""
        return {shard_id: consumer.status for shard_id, consumer in self._consumers.items()}

    def step(self) -> float:
        """List the shards or let one of them take a step.

        Returned are the seconds until another step can do something: 0.0 for at once.
        """
        now = self._ports.clock.now()
        if now >= self._listing_due_at:
            self._list_shards()
            return 0.0
        for shard_id, due_at in self._due_at.items():
            if due_at <= now:
                self._step_shard(shard_id)
                return 0.0
        return min([self._listing_due_at, *self._due_at.values()]) - now

    def _step_shard(self, shard_id: str) -> None:
        consumer = self._consumers[shard_id]
        wait = consumer.step()
        # Taken out and put in again: the one stepped is now the last in the rotation.
        del self._due_at[shard_id]
        self._due_at[shard_id] = self._ports.clock.now() + wait
        if consumer.ended:
            self._stop_reading(shard_id)
            self._start_reading()

    def _list_shards(self) -> None:
        try:
            self._shards = self._ports.stream.shards()
        except StreamError as error:
            self._listing_failed(error)
            return
        self._listing_failures = 0
        self._listing_due_at = self._ports.clock.now() + LISTING_SECONDS
        self._drop_expired_shards()
        self._start_reading()

    def _listing_failed(self, error: StreamError) -> None:
        self._listing_failures += 1
        self._listing_due_at = self._ports.clock.now() + pause_seconds(self._listing_failures)
        if self._listing_failures == 1:
            fields = {"stream": self._mapping.stream_name, "reason": str(error)}
            _log.warning("waiting for the stream", extra={"fields": fields})

    def _drop_expired_shards(self) -> None:
        listed = {shard.shard_id for shard in self._shards}
        for shard_id, consumer in list(self._consumers.items()):
            if shard_id not in listed and consumer.idle:
                self._stop_reading(shard_id)

    def _start_reading(self) -> None:
        ended = {shard_id for shard_id, checkpoint in self._known.items() if checkpoint.ended}
        first_listing = not self._known
        for shard_id in readable(self._shards, ended, self._consumers):
            start = self._known.get(shard_id) or self._first_checkpoint(first_listing)
            self._known[shard_id] = start
            self._consumers[shard_id] = ShardConsumer(shard_id, start, self._mapping, self._ports)
            self._due_at[shard_id] = self._ports.clock.now()

    def _first_checkpoint(self, first_listing: bool) -> Checkpoint:
        # A shard that appears later is a child, and all in it is new.
        latest = self._mapping.starting_position is StartingPosition.LATEST
        if first_listing and latest:
            return Checkpoint(AtTimestamp(self._ports.clock.now()))
        return Checkpoint(TrimHorizon())

    def _stop_reading(self, shard_id: str) -> None:
        self._known[shard_id] = self._consumers.pop(shard_id).checkpoint
        del self._due_at[shard_id]


def readable(
    shards: Sequence[Shard], ended: Collection[str], reading: Collection[str]
) -> list[str]:
    """Return the shards to begin with now: not yet read, and no parent has records left.

    "Using Lambda to process records from Amazon Kinesis Data Streams" keeps the
    order of a partition key over a reshard that way. A parent that the stream
    no longer lists has outlived its retention and holds nobody back, unless it
    is still being read.
    """
    unfinished = {shard.shard_id for shard in shards} - set(ended) | set(reading)
    return [
        shard.shard_id
        for shard in shards
        if shard.shard_id not in ended
        and shard.shard_id not in reading
        and unfinished.isdisjoint(shard.parents)
    ]
