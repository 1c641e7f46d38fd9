"""Batches that the mapping gave up on, reprocessed from its on-failure destination.

Such an object is AWS's invocation record for S3 destinations ("Retain discarded batch records for a
Kinesis Data Streams event source in Lambda", AWS Lambda developer guide): the whole event stands
in its ``payload`` as text.
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

from aws_lambda_powertools import Logger

from headwater_contract.kinesis_event import ReceivedRecord, received_records
from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.chunks import chunks
from headwater_writer.handler import MAX_CHUNK_BYTES
from headwater_writer.publish.batch import Published
from headwater_writer.publish.settle import PublishError
from headwater_writer.replay.outcome import Outcome
from headwater_writer.writer import Writer

MAX_FAILING: Final = 10
"""If this many records fail, each alone, it is not the records: the rest waits for another time."""


class NotABatchError(ValueError):
    """An object that is not an invocation record of a Kinesis mapping with its payload."""


class TooManyFailingError(Exception):
    """So many records failed, each alone, that something else must be wrong."""


def log_given_up(logger: Logger, batches: int) -> None:
    """Log how many batches wait, of which ``terraform/modules/monitoring`` makes a metric."""
    logger.info("given up", batches=batches)


def batch_of(invocation_record: bytes) -> list[ReceivedRecord]:
    """Return the records of a batch that was given up on.

    Raises:
        NotABatchError: the object is something else.
    """
    try:
        return received_records(json.loads(json.loads(invocation_record)["payload"]))
    except (KeyError, TypeError, ValueError) as error:
        raise NotABatchError(
            f"it is not a batch that a mapping gave up on: {error!r:.200}"
        ) from error


def reprocess(records: Sequence[ReceivedRecord], writer: Writer) -> Outcome:
    """Write what the tables lack of a batch, bisecting it if it fails as a whole.

    Records that fail even alone are counted by the class of their error; the others are written. It
    is safe to repeat this, at any time and alongside the writer.

    Raises:
        PublishError: a commit to a table failed.
        TooManyFailingError: too many fail for it to be their fault.
    """
    outcome = Outcome()
    pending = [*chunks(records, MAX_CHUNK_BYTES)][::-1]
    while pending:
        run = pending.pop()
        try:
            outcome += _write(run, writer)
        except PublishError:
            raise
        except Exception as error:
            middle = len(run) // 2
            if middle:
                pending += [run[middle:], run[:middle]]
                continue
            outcome += Outcome(failing=Counter([type(error).__name__]))
            if outcome.failing.total() >= MAX_FAILING:
                raise TooManyFailingError(f"{MAX_FAILING} records failed, each alone") from error
    return outcome


def _write(records: Sequence[ReceivedRecord], writer: Writer) -> Outcome:
    published = writer.write_late(records)
    nothing = Published(0)
    events = published.get(EVENTS.name, nothing)
    failed = published.get(FAILED_RECORDS.name, nothing)
    return Outcome(events.written, events.covered + failed.covered, failed.written)
