"""What the deployer sees: metrics of every request with messages, and a log line of a bad one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from headwater_collector.delivery import Delivery
from headwater_collector.validation import Validation

SERVICE: Final = "collector"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request: its messages, their stream records and the delivery of these.

    ``dropped`` are those that the deployer's policy on Global Privacy Control leaves out.
    """

    accepted: int
    refused: int
    dropped: int
    records: int
    delivery: Delivery

    @classmethod
    def of(
        cls, validations: Sequence[Validation], dropped: int, records: int, delivery: Delivery
    ) -> Self:
        """Return the outcome of a request of which these validations were to be delivered."""
        refused = sum(validation.refusal is not None for validation in validations)
        return cls(len(validations) - refused, refused, dropped, records, delivery)


class Telemetry:
    """Reports outcomes: metrics in CloudWatch's embedded format, logs as JSON lines.

    Counts only: no bodies, no addresses, no ids of people. The namespace tells the metrics of one
    stack from another's.
    """

    def __init__(self, logger: Logger, namespace: str) -> None:
        self._logger = logger
        self._namespace = namespace

    def report(self, outcome: Outcome) -> None:
        """Report what became of one request."""
        self._emit_metrics(outcome)
        if outcome.delivery.rejections:
            self._logger.warning(
                "the stream rejected records",
                is_delivered=outcome.delivery.is_complete,
                rejections=Counter(outcome.delivery.rejections),
            )

    def _emit_metrics(self, outcome: Outcome) -> None:
        # One of its own for each request: requests may run side by side, and the usual one is
        # shared by all of a process.
        metrics = EphemeralMetrics(namespace=self._namespace, service=SERVICE)
        metrics.add_metric("MessagesAccepted", MetricUnit.Count, outcome.accepted)
        metrics.add_metric("MessagesRefused", MetricUnit.Count, outcome.refused)
        metrics.add_metric("StreamRecords", MetricUnit.Count, outcome.records)
        metrics.add_metric("StreamRetries", MetricUnit.Count, outcome.delivery.retries)
        metrics.add_metric("StreamFailures", MetricUnit.Count, not outcome.delivery.is_complete)
        if outcome.dropped:
            metrics.add_metric("MessagesDropped", MetricUnit.Count, outcome.dropped)
        metrics.flush_metrics()
