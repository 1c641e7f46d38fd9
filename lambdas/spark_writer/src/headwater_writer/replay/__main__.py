"""Put failures through again: ``python -m headwater_writer.replay``, in a writer's environment.

Says on standard output, in lines of JSON, how far it is and what has become of what it has done.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from aws_lambda_powertools import Logger

from headwater_writer.failures import clients
from headwater_writer.process import Process, rules
from headwater_writer.replay.again import Step, batches, failed_records
from headwater_writer.replay.destination import Destination
from headwater_writer.replay.filter import FIELDS, chosen_by
from headwater_writer.replay.outcome import Outcome
from headwater_writer.settings import Settings
from headwater_writer.spark import session


def main(arguments: Sequence[str]) -> None:
    """Do as the arguments say; exit with 2 if they make no sense."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        chosen = chosen_by({name: getattr(options, name) for name in FIELDS})
    except ValueError as error:
        parser.error(str(error))
    settings = Settings.from_environment(os.environ)
    logger = Logger(service="replay", stream=sys.stderr)
    process = Process.on(session.start(settings), settings, rules(settings), logger)
    if options.given_up:
        where = urlsplit(options.given_up)
        destination = Destination(clients.s3(settings), where.netloc)
        keys = list(destination.waiting(where.path.lstrip("/")))
        say(batches(destination, keys, process.writer), logger)
    else:
        say(failed_records(process, settings, chosen, dry=options.dry_run), logger)


def say(steps: Iterator[Step], logger: Logger) -> None:
    """Print a line after each step, with all that was done up to there."""
    so_far = Outcome()
    for step in steps:
        so_far += step.outcome
        if step.error:
            logger.error("a batch failed", exc_info=step.error)
        line = {"done": step.done, "of": step.of, **so_far.as_json()}
        print(json.dumps(line), flush=True)  # noqa: T201


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m headwater_writer.replay")
    for name in FIELDS:
        parser.add_argument(f"--{name}", help="only failed records with this")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--given-up", metavar="URI", help="instead: batches that wait in S3")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
