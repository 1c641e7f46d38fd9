"""What follows when a batch failed: split it, retry it, or discard it.

The rules are those of "Retain discarded batch records for a Kinesis Data
Streams event source in Lambda" and "Configuring partial batch response with
Kinesis Data Streams and Lambda" (AWS Lambda developer guide).
"""

from dataclasses import dataclass, replace
from itertools import takewhile

from headwater_local.backoff import backoff_seconds
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.event_source.stream import Record

_FIRST_PAUSE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Batch:
    """Records to hand over together.

    ``retries`` counts against MaximumRetryAttempts; ``invocations`` is how
    often exactly these records were tried; ``not_before`` (epoch seconds) is
    the end of the pause after a failure.
    """

    records: tuple[Record, ...]
    retries: int = 0
    invocations: int = 0
    not_before: float = 0.0


@dataclass(frozen=True, slots=True)
class FailurePlan:
    """What to do with the failed part of a batch: batches in order, or a discarded one."""

    batches: tuple[Batch, ...] = ()
    discarded: Batch | None = None


def pause_seconds(failures: int) -> float:
    """Return how long to wait after so many failures in a row (1 or more).

    AWS documents that it backs off, not how; the numbers are ours.
    """
    return backoff_seconds(failures, _FIRST_PAUSE_SECONDS)


def plan_after_failure(
    batch: Batch, first_failed: int, mapping: EventSourceMapping, now: float
) -> FailurePlan:
    """Decide about the records of an invoked batch from index ``first_failed`` on.

    With bisecting, a batch is cut at the first failed record that the function
    named, or in halves if it named none before which others succeeded:
    that always leads to single records. A cut does not use up a retry.
    """
    failed = replace(batch, records=batch.records[first_failed:])
    if mapping.bisect_batch_on_function_error and len(batch.records) > 1:
        cut = (failed.records,) if first_failed else _halves(failed.records)
        pause_over = now + pause_seconds(1)
        return FailurePlan(tuple(Batch(part, batch.retries, 0, pause_over) for part in cut))
    if batch.retries == mapping.maximum_retry_attempts:
        return FailurePlan(discarded=failed)
    retries = batch.retries + 1
    retry = replace(failed, retries=retries, not_before=now + pause_seconds(retries))
    return FailurePlan((retry,))


def split_expired(
    batch: Batch, mapping: EventSourceMapping, now: float
) -> tuple[tuple[Record, ...], Batch]:
    """Separate the leading records older than MaximumRecordAgeInSeconds from the rest."""
    limit = mapping.maximum_record_age_seconds
    if limit is None:
        return (), batch
    expired = tuple(takewhile(lambda record: now - record.arrived_at > limit, batch.records))
    return expired, replace(batch, records=batch.records[len(expired) :])


def _halves(records: tuple[Record, ...]) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    middle = (len(records) + 1) // 2
    return records[:middle], records[middle:]
