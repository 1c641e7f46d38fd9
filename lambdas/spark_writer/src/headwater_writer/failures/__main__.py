"""Put failures through again: ``python -m headwater_writer.failures``, in a writer's environment.

Says on standard output, in lines of JSON, how far it is and what has become of what it has done.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from aws_lambda_powertools import Logger

from headwater_contract.tables import FAILED_RECORDS
from headwater_writer import session
from headwater_writer.failures import clients
from headwater_writer.failures.destination import Destination
from headwater_writer.failures.failed_rows import ConditionError, FailedRows
from headwater_writer.failures.given_up import NotABatchError, TooManyFailingError
from headwater_writer.failures.outcome import Outcome
from headwater_writer.failures.process import Process
from headwater_writer.failures.replay import replay
from headwater_writer.publish import PublishError
from headwater_writer.settings import Settings
from headwater_writer.spark_options import CATALOG

Step = tuple[int, int, Outcome]
"""How much is done, of how much, and what became of this part of it."""


def main(arguments: Sequence[str]) -> None:
    """Do as the arguments say; exit with 1 where the condition makes no sense."""
    options = _parser().parse_args(arguments)
    settings = Settings.from_environment(os.environ)
    process = Process.on(
        session.start(settings), settings, Logger(service="replay", stream=sys.stderr)
    )
    if options.given_up:
        say(batches(process, settings, options.given_up))
        return
    try:
        say(failed_records(process, settings, options.where, dry=options.dry_run))
    except ConditionError as error:
        _print({"error": str(error)})
        sys.exit(1)


def failed_records(
    process: Process, settings: Settings, condition: str | None, *, dry: bool
) -> Iterator[Step]:
    """Replay the failed records for which a condition holds; counts are in stream records.

    Raises:
        ConditionError: the condition is not one.
    """
    table = f"{CATALOG}.{settings.database}.{FAILED_RECORDS.name}"
    rows = FailedRows(process.spark, table, condition)
    done = 0
    yield done, len(rows), Outcome()
    for run in rows.runs():
        done += len({row["ingest_sequence"] for row in run})
        yield done, len(rows), replay(run, process.writer, dry=dry)


def batches(process: Process, settings: Settings, uri: str) -> Iterator[Step]:
    """Put batches through that wait below a URI; counts are in objects."""
    where = urlsplit(uri)
    destination = Destination(clients.s3(settings), where.netloc)
    keys = list(destination.waiting(where.path.lstrip("/")))
    yield 0, len(keys), Outcome()
    for done, key in enumerate(keys, 1):
        yield done, len(keys), _take_up(destination, key, process)


def say(steps: Iterator[Step]) -> None:
    """Print a line after each step, with all that was done up to there."""
    so_far = Outcome()
    for done, of, outcome in steps:
        so_far += outcome
        _print({"done": done, "of": of, **so_far.as_json()})


def _print(line: Mapping[str, object]) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201


def _take_up(destination: Destination, key: str, process: Process) -> Outcome:
    try:
        return destination.take_up(key, process.writer)
    except (NotABatchError, PublishError, TooManyFailingError) as error:
        return Outcome(failing=Counter([str(error)]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m headwater_writer.failures")
    parser.add_argument("--where", help="a condition on the columns of failed_records, Spark SQL")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--given-up", metavar="URI", help="instead: batches that wait in S3")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
