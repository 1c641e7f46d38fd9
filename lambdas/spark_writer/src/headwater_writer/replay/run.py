"""Failures, replayed one piece after the other."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.process import Process
from headwater_writer.publish.settle import PublishError
from headwater_writer.replay.destination import Destination, ObjectError
from headwater_writer.replay.failed_rows import FailedRows, Place
from headwater_writer.replay.filter import Filter
from headwater_writer.replay.given_up import NotABatchError, TooManyFailingError
from headwater_writer.replay.outcome import Outcome
from headwater_writer.replay.replay import replay
from headwater_writer.settings import Settings
from headwater_writer.spark.options import CATALOG
from headwater_writer.writer import Writer


@dataclass(frozen=True, slots=True)
class Step:
    """How much is done, of how much, and what became of this part of it.

    ``place`` is where among the failed records it ended, to go on after. ``error`` is what kept a
    batch from being put through: for a log, as the outcome says it in words of ours.
    """

    done: int
    of: int
    outcome: Outcome
    place: Place | None = None
    error: Exception | None = None


def failed_records(
    process: Process,
    settings: Settings,
    chosen: Filter,
    *,
    dry: bool,
    after: Place | None = None,
) -> Iterator[Step]:
    """Replay the failed records that a filter chooses; counts are in stream records.

    Raises:
        PublishError: a table could not be committed to; replaying again is safe.
    """
    table = f"{CATALOG}.{settings.database}.{FAILED_RECORDS.name}"
    rows = FailedRows(process.spark, table, chosen, after)
    done = 0
    yield Step(done, len(rows), Outcome())
    for run in rows.runs():
        done += len({row["ingest_sequence"] for row in run})
        place = run[-1]["ingest_shard"], run[-1]["ingest_sequence"]
        yield Step(done, len(rows), replay(run, process.writer, dry=dry), place)


def batches(destination: Destination, keys: Sequence[str], writer: Writer) -> Iterator[Step]:
    """Put batches through that wait at a destination; counts are in objects."""
    yield Step(0, len(keys), Outcome())
    for done, key in enumerate(keys, 1):
        outcome, error = _take_up(destination, key, writer)
        yield Step(done, len(keys), outcome, error=error)


def _take_up(
    destination: Destination, key: str, writer: Writer
) -> tuple[Outcome, Exception | None]:
    try:
        return destination.take_up(key, writer), None
    except (NotABatchError, TooManyFailingError) as error:
        return _failing(str(error)), error
    except PublishError as error:
        # It quotes what Iceberg said.
        return _failing("a table took none of its commits: the log says why"), error
    except ObjectError as error:
        # One object that S3 does not give must not keep the others from their turn.
        return _failing(str(error)), error


def _failing(reason: str) -> Outcome:
    return Outcome(failing=Counter([reason]))
