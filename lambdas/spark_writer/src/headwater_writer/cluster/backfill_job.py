"""What ``spark-submit`` starts to write an archive into the tables, with its URI as argument."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from aws_lambda_powertools import Logger

from headwater_contract.reasons import without_quotes
from headwater_writer.backfill.lines import MAX_LISTED, Unread, lines_in
from headwater_writer.backfill.messages import UnknownAppError
from headwater_writer.backfill.source import File, Source, SourceError
from headwater_writer.cluster.archive_engine import Archive, SparkArchiveEngine
from headwater_writer.cluster.backfill import OvertakenError, backfill
from headwater_writer.cluster.job import session
from headwater_writer.process import Process, rules
from headwater_writer.replay.outcome import Outcome
from headwater_writer.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Write an archive, or files of messages, and return the exit code."""
    parser = argparse.ArgumentParser(description="Write an archive into the tables, once.")
    parser.add_argument("source", help="like s3://bucket/archive/")
    parser.add_argument("--app", help="whose messages they are, if they are not an archive")
    asked = parser.parse_args(arguments)
    settings = Settings.from_environment(os.environ)
    logger = Logger(service="backfill")
    archive = Archive(asked.source, asked.app, settings)
    try:
        source = archive.source()
        files = source.files()
        _check(source, files[0], asked.app)
    except (SourceError, UnknownAppError) as error:
        logger.error(str(error))  # noqa: TRY400 -- the sentence says it all
        return 1
    process = Process.on(session(settings), settings, rules(settings), logger)
    engine = SparkArchiveEngine(process.spark, process.tables, archive, process.writer.rules)
    outcome, listed = Outcome(), 0
    try:
        for step in backfill(files, engine, process.publisher, _now):
            outcome += step.outcome
            logger.info("progress", done=step.done, of=step.of, **step.outcome.as_json())
            for each in step.refusals[: MAX_LISTED - listed]:
                file, line = each.place
                logger.warning("refused", file=file, line=line, reason=without_quotes(each.reason))
                listed += 1
    except OvertakenError as error:
        logger.error(str(error))  # noqa: TRY400 -- the sentence says it all
        return 1
    logger.info("replayed", report=outcome.as_json())
    return 0


def _check(source: Source, file: File, app: str | None) -> None:
    """Read a line here, where an error is a sentence.

    Raises:
        SourceError: the file could not be fetched.
        UnknownAppError: it is not of an archive, and there is no ``app``.
    """
    first = next(lines_in(source, file, app, _now), None)
    if first and isinstance(first.content, Unread):
        raise SourceError(f"{file.name}: {first.content.reason}")


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
