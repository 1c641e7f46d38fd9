"""One shard, from reading its records to knowing that they were processed."""

import logging
from collections import deque
from dataclasses import dataclass, replace

from headwater_local.lambda_service.event_source.batching import Batcher
from headwater_local.lambda_service.event_source.checkpoints import Checkpoint
from headwater_local.lambda_service.event_source.event import kinesis_event
from headwater_local.lambda_service.event_source.function import (
    FunctionError,
    FunctionUnavailableError,
    ResponseError,
    first_failed,
)
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.event_source.on_failure import Condition, DiscardedBatch
from headwater_local.lambda_service.event_source.outbox import Outbox
from headwater_local.lambda_service.event_source.ports import Ports
from headwater_local.lambda_service.event_source.retry import (
    Batch,
    plan_after_failure,
    split_expired,
)
from headwater_local.lambda_service.event_source.shard_reader import ShardReader
from headwater_local.lambda_service.event_source.stream import AfterSequence, Record


@dataclass(frozen=True, slots=True)
class ShardStatus:
    """What can be told about a shard. Times are in epoch seconds, 0.0 for never.

    ``records_waiting`` were read and are neither done nor given up on; ``failures`` counts
    the failed invocations since the last success.
    """

    checkpoint: str | None = None
    millis_behind: int = 0
    records_waiting: int = 0
    last_batch_records: int = 0
    last_batch_at: float = 0.0
    failures: int = 0
    discarded_records: int = 0


UNAVAILABLE_PAUSE_SECONDS = 0.25
"""How soon to try again when the function was not there to be invoked."""

_log = logging.getLogger(__name__)


class ShardConsumer:
    """A state machine that reads, hands over, and checkpoints the records of one shard.

    Every ``step`` does at most one thing to the outside world (a read, an
    invocation, a message to the destination, a checkpoint), so that a
    scheduler can take shards in turn and a test can crash it between any two.
    What it knows beyond its checkpoint may be lost at any time: the records
    after the checkpoint are then read and handed over again.
    """

    def __init__(
        self, shard_id: str, start: Checkpoint, mapping: EventSourceMapping, ports: Ports
    ) -> None:
        self.shard_id = shard_id
        self._mapping = mapping
        self._ports = ports
        self._reader = ShardReader(shard_id, start.position, ports.stream, ports.clock)
        self._batcher = Batcher(mapping, shard_id, ports.clock.now())
        self._batches: deque[Batch] = deque()
        self._outbox = Outbox(ports.on_failure, ports.clock)
        self._checkpoint = start
        # A first start is written down too: LATEST must mean the same after a restart.
        self._unsaved: Checkpoint | None = start
        self._status = ShardStatus()

    @property
    def checkpoint(self) -> Checkpoint:
        """How far the shard is dealt with; a moment ahead of what is saved."""
        return self._checkpoint

    @property
    def ended(self) -> bool:
        """The shard is closed, and all of it is dealt with and checkpointed."""
        return self._checkpoint.ended and self._unsaved is None

    @property
    def idle(self) -> bool:
        """Nothing is held here that was read but not yet checkpointed."""
        return not (self._batches or len(self._batcher) or self._outbox.pending or self._unsaved)

    @property
    def status(self) -> ShardStatus:
        """A snapshot for people and supervisors."""
        position = self._checkpoint.position
        pending = self._outbox.pending.records if self._outbox.pending else ()
        batched = sum(len(batch.records) for batch in self._batches)
        return replace(
            self._status,
            checkpoint=position.sequence_number if isinstance(position, AfterSequence) else None,
            millis_behind=self._reader.millis_behind,
            records_waiting=len(self._batcher) + batched + len(pending),
        )

    def step(self) -> float:
        """Do the next thing, or nothing if it is not time yet.

        Returned are the seconds until another step can do something: 0.0 for at once. A step
        before that time is harmless.
        """
        now = self._ports.clock.now()
        if self._outbox.pending is not None:
            return self._send(self._outbox.pending, now)
        if self._unsaved is not None:
            return self._save(self._unsaved)
        if self._batches:
            return self._work_on(self._batches[0], now)
        if self._batcher.is_due(now) or (self._reader.closed and len(self._batcher)):
            self._batches.append(Batch(self._batcher.take()))
            return 0.0
        if self._reader.closed:
            self._advance(Checkpoint(self._checkpoint.position, ended=True))
            return 0.0
        return self._read(now)

    def _read(self, now: float) -> float:
        if now < self._reader.due_at:
            due_at = self._reader.due_at
            if len(self._batcher):
                due_at = min(due_at, self._batcher.window_ends_at)
            return due_at - now
        records = self._reader.read(self._batcher.room)
        self._batcher.add(records, self._ports.clock.now())
        return 0.0

    def _work_on(self, batch: Batch, now: float) -> float:
        expired, live = split_expired(batch, self._mapping, now)
        if expired:
            self._replace_head(*([live] if live.records else []))
            self._discard(expired, batch, Condition.RECORD_AGE_EXCEEDED, function_failed=False)
            return 0.0
        if now < batch.not_before:
            return batch.not_before - now
        return self._invoke(batch)

    def _invoke(self, batch: Batch) -> float:
        event = kinesis_event(self._mapping, self.shard_id, batch.records)
        try:
            response = self._ports.function.invoke(event)
            failed_from = self._first_failed(response, batch)
        except FunctionUnavailableError:
            pause_over = self._ports.clock.now() + UNAVAILABLE_PAUSE_SECONDS
            self._replace_head(replace(batch, not_before=pause_over))
            return UNAVAILABLE_PAUSE_SECONDS
        except FunctionError as error:
            self._failed(batch, 0, str(error), function_failed=True)
        except ResponseError as error:
            self._failed(batch, 0, str(error), function_failed=False)
        else:
            self._answered(batch, failed_from)
        self._batcher.open_window(self._ports.clock.now())
        return 0.0

    def _first_failed(self, response: object, batch: Batch) -> int | None:
        if not self._mapping.report_batch_item_failures:
            return None
        return first_failed(response, batch.records)

    def _answered(self, batch: Batch, failed_from: int | None) -> None:
        if failed_from is None:
            self._replace_head()
            self._succeeded(batch.records)
            return
        self._succeeded(batch.records[:failed_from])
        self._failed(batch, failed_from, "the function named failed records", function_failed=False)

    def _succeeded(self, records: tuple[Record, ...]) -> None:
        if records:
            _log.info("batch done", extra={"fields": self._fields(records=len(records))})
            self._advance(Checkpoint(AfterSequence(records[-1].sequence_number)))
            now = self._ports.clock.now()
            self._status = replace(
                self._status, last_batch_records=len(records), last_batch_at=now, failures=0
            )

    def _failed(
        self, batch: Batch, failed_from: int, reason: str, *, function_failed: bool
    ) -> None:
        batch = replace(batch, invocations=batch.invocations + 1)
        plan = plan_after_failure(batch, failed_from, self._mapping, self._ports.clock.now())
        self._replace_head(*plan.batches)
        self._status = replace(self._status, failures=self._status.failures + 1)
        fields = self._fields(records=len(batch.records), reason=reason)
        _log.warning("batch failed", extra={"fields": fields})
        if plan.discarded is not None:
            exhausted = Condition.RETRY_ATTEMPTS_EXHAUSTED
            records = plan.discarded.records
            self._discard(records, plan.discarded, exhausted, function_failed=function_failed)

    def _replace_head(self, *batches: Batch) -> None:
        self._batches.popleft()
        self._batches.extendleft(reversed(batches))

    def _discard(
        self,
        records: tuple[Record, ...],
        batch: Batch,
        condition: Condition,
        *,
        function_failed: bool,
    ) -> None:
        self._outbox.put(
            DiscardedBatch(
                shard_id=self.shard_id,
                records=records,
                condition=condition,
                invocations=batch.invocations,
                function_failed=function_failed,
                discarded_at=self._ports.clock.now(),
            )
        )

    def _send(self, discarded: DiscardedBatch, now: float) -> float:
        if now < self._outbox.due_at:
            return self._outbox.due_at - now
        if self._outbox.send(discarded):
            count = len(discarded.records)
            fields = self._fields(records=count, reason=discarded.condition)
            _log.warning("batch given up on", extra={"fields": fields})
            self._advance(Checkpoint(AfterSequence(discarded.records[-1].sequence_number)))
            total = self._status.discarded_records + count
            self._status = replace(self._status, discarded_records=total, failures=0)
        return 0.0

    def _advance(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = self._unsaved = checkpoint

    def _save(self, checkpoint: Checkpoint) -> float:
        self._ports.checkpoints.save(self.shard_id, checkpoint)
        self._unsaved = None
        return 0.0

    def _fields(self, **fields: object) -> dict[str, object]:
        return {"shard": self.shard_id, **fields}
