"""Failures, put through again one piece after the other, by whoever asks for it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.failures.destination import Destination
from headwater_writer.failures.failed_rows import FailedRows, Place
from headwater_writer.failures.given_up import NotABatchError, TooManyFailingError
from headwater_writer.failures.outcome import Outcome
from headwater_writer.failures.process import Process
from headwater_writer.failures.replay import replay
from headwater_writer.publish.settle import PublishError
from headwater_writer.settings import Settings
from headwater_writer.spark_options import CATALOG
from headwater_writer.writer import Writer


@dataclass(frozen=True, slots=True)
class Step:
    """How much is done, of how much, and what became of this part of it.

    ``place`` is where among the failed records it ended, to go on after.
    """

    done: int
    of: int
    outcome: Outcome
    place: Place | None = None


def failed_records(
    process: Process,
    settings: Settings,
    condition: str | None,
    *,
    dry: bool,
    after: Place | None = None,
) -> Iterator[Step]:
    """Replay the failed records for which a condition holds; counts are in stream records.

    Raises:
        ConditionError: the condition is not one.
    """
    table = f"{CATALOG}.{settings.database}.{FAILED_RECORDS.name}"
    rows = FailedRows(process.spark, table, condition, after)
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
        yield Step(done, len(keys), _take_up(destination, key, writer))


def _take_up(destination: Destination, key: str, writer: Writer) -> Outcome:
    try:
        return destination.take_up(key, writer)
    except (NotABatchError, PublishError, TooManyFailingError) as error:
        return Outcome(failing=Counter([str(error)]))
    except (BotoCoreError, ClientError) as error:
        # One object that S3 does not give must not keep the others from their turn.
        return Outcome(failing=Counter([f"its object was not to be had: {error}"]))
