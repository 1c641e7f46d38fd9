"""What ``spark-submit`` starts: rounds, one after the other, until it is stopped.

It may be killed at any time, and started any number of times: the ledgers tell what is done.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from aws_lambda_powertools import Logger
from pyspark.sql import SparkSession

from headwater_writer.cluster.engine import SparkEngine
from headwater_writer.cluster.kinesis import KinesisSource
from headwater_writer.cluster.rounds import Commit, Outcome, Rounds
from headwater_writer.cluster.settings import ClusterSettings
from headwater_writer.process import Process, rules
from headwater_writer.settings import Settings
from headwater_writer.spark.options import catalog_options

MAX_FAILURES: Final = 10
"""Rounds that fail in a row before the job ends, so that whoever started it notices."""

FAILURE_SECONDS: Final = 5.0


@dataclass
class Job:
    """Rounds at a pace, each with a line in the log, and ``notify`` after it."""

    rounds: Rounds
    settings: ClusterSettings
    notify: Callable[[], None]
    logger: Logger
    _failures: int = 0

    def run(self) -> int:
        """Run rounds, and return the exit code: 1 if too many failed in a row."""
        while self._failures < MAX_FAILURES:
            began = time.monotonic()
            outcome = self._round()
            if outcome is Outcome.IDLE and self.settings.ends_when_idle:
                return 0
            pace = self.settings.round_seconds if outcome else FAILURE_SECONDS
            time.sleep(max(0.0, began + pace - time.monotonic()))
        return 1

    def _round(self) -> Outcome | None:
        """Run a round; None if it failed."""
        try:
            outcome = self.rounds.run()
            self.notify()
        except Exception:
            self._failures += 1
            self.logger.exception("a round failed")
            return None
        self._failures = 0
        self.logger.info("a round ended", outcome=outcome.value)
        return outcome


def main() -> int:
    """Run the job by its environment, and return the exit code."""
    settings = Settings.from_environment(os.environ)
    chosen = ClusterSettings.from_environment(os.environ)
    logger = Logger(service="cluster")
    process = Process.on(session(settings), settings, rules(settings), logger)
    source = KinesisSource(chosen.stream, settings.region, settings.endpoint)
    engine = SparkEngine(process.spark, process.tables, source, process.writer.rules)
    report = partial(log_commit, logger)
    rounds = Rounds(process.publisher, process.writer, source, engine, _now, report)
    if chosen.reads_again:
        rounds.read_again()
    return Job(rounds, chosen, process.notifier.notify, logger).run()


def log_commit(logger: Logger, commit: Commit) -> None:
    """Say of a commit what the Lambda writer says of its own: metrics are made of it."""
    published = commit.published
    logger.info(
        "published",
        rows={name: outcome.written for name, outcome in published.items()},
        covered=sum(outcome.covered for outcome in published.values()),
        repeats=sum(outcome.repeats for outcome in published.values()),
        missing=sum(outcome.missing for outcome in published.values()),
        seconds=commit.seconds,
        latency_seconds=commit.latency_seconds,
    )


def session(settings: Settings) -> SparkSession:
    """Return the session of the cluster that submitted this, with the lake's catalogs."""
    builder = SparkSession.builder.appName("headwater-cluster")
    for name, value in catalog_options(settings).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
