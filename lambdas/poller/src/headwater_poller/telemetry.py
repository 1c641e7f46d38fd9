"""What the deployer sees: metrics of every poll, and a log line.

Counts and sentences only: no records, no secrets. Metrics are lines of the log in CloudWatch's
embedded metric format, which CloudWatch Logs reads wherever the log comes from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from headwater_poller.poll import Outcome

SERVICE: Final = "poller"


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Reports the polls of one config, which is the metrics' dimension ``source``."""

    logger: Logger
    namespace: str
    source: str
    now: Callable[[], datetime]

    def report(self, outcome: Outcome) -> None:
        """Report what became of one poll."""
        self._emit_metrics(outcome)
        log = self.logger.error if outcome.failure else self.logger.info
        log(
            outcome.failure or "polled",
            source=self.source,
            pages=outcome.pages,
            polled=outcome.polled,
            sent=outcome.sent,
            refused=outcome.refused,
            repeated=outcome.repeated,
            seconds=round(outcome.seconds, 3),
            exc_info=outcome.defect,
        )

    def _emit_metrics(self, outcome: Outcome) -> None:
        metrics = EphemeralMetrics(namespace=self.namespace, service=SERVICE)
        metrics.add_dimension(name="source", value=self.source)
        metrics.add_metric("RecordsPolled", MetricUnit.Count, outcome.polled)
        metrics.add_metric("MessagesSent", MetricUnit.Count, outcome.sent)
        metrics.add_metric("MessagesRefused", MetricUnit.Count, outcome.refused)
        metrics.add_metric("PollFailures", MetricUnit.Count, outcome.failure is not None)
        metrics.add_metric("PollSeconds", MetricUnit.Seconds, outcome.seconds)
        if outcome.newest:
            # A clock that is ahead makes no lag.
            lag = max(0.0, (self.now() - outcome.newest).total_seconds())
            metrics.add_metric("LagSeconds", MetricUnit.Seconds, lag)
        metrics.add_metadata("repeated", outcome.repeated)
        metrics.flush_metrics()
