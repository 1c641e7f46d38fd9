"""Failures, replayed piece by piece."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.process import Process
from headwater_writer.publish.settle import PublishError
from headwater_writer.replay.destination import Destination, ObjectError
from headwater_writer.replay.failed_rows import FailedRows, RecordPosition
from headwater_writer.replay.filter import Filter
from headwater_writer.replay.given_up import NotABatchError, TooManyFailingError
from headwater_writer.replay.outcome import Outcome
from headwater_writer.replay.replay import replay
from headwater_writer.settings import Settings
from headwater_writer.spark.options import CATALOG
from headwater_writer.writer import Writer


@dataclass(frozen=True, slots=True)
class Progress:
    """How much is done, of how much, and the outcome of this piece.

    ``position`` is the last failed record of it, to continue after. ``error`` is why a batch could
    not be reprocessed: for the log, as it may quote anything.
    """

    done: int
    of: int
    outcome: Outcome
    position: RecordPosition | None = None
    error: Exception | None = None


def failed_records(
    process: Process,
    settings: Settings,
    chosen: Filter,
    *,
    dry: bool,
    after: RecordPosition | None = None,
) -> Iterator[Progress]:
    """Replay the failed records that match a filter; counts are in stream records.

    Raises:
        PublishError: a commit to a table failed; retrying is safe.
    """
    table = f"{CATALOG}.{settings.database}.{FAILED_RECORDS.name}"
    rows = FailedRows(process.spark, table, chosen, after)
    done = 0
    yield Progress(done, len(rows), Outcome())
    for run in rows.runs():
        done += len({row["ingest_sequence"] for row in run})
        position = run[-1]["ingest_shard"], run[-1]["ingest_sequence"]
        yield Progress(done, len(rows), replay(run, process.writer, dry=dry), position)


def batches(destination: Destination, keys: Sequence[str], writer: Writer) -> Iterator[Progress]:
    """Reprocess batches that wait at a destination; counts are in objects."""
    yield Progress(0, len(keys), Outcome())
    for done, key in enumerate(keys, 1):
        outcome, error = _reprocess(destination, key, writer)
        yield Progress(done, len(keys), outcome, error=error)


def _reprocess(
    destination: Destination, key: str, writer: Writer
) -> tuple[Outcome, Exception | None]:
    try:
        return destination.reprocess(key, writer), None
    except (NotABatchError, TooManyFailingError) as error:
        return _failing(str(error)), error
    except PublishError as error:
        # It quotes Iceberg.
        return _failing("a commit to a table failed: see the log"), error
    except ObjectError as error:
        # One object that cannot be read must not starve the others.
        return _failing(str(error)), error


def _failing(reason: str) -> Outcome:
    return Outcome(failing=Counter([reason]))
