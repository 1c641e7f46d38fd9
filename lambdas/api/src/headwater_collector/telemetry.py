"""What the deployer sees: metrics of every request with messages, and a log line of a bad one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from headwater_collector.delivery import Delivery
from headwater_collector.validation import Validation
from headwater_contract.reasons import kind

SERVICE: Final = "collector"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request: its messages, their stream records and the delivery of these.

    ``refusals`` counts the refused ones by the kind of their reason. ``dropped`` are those that the
    deployer's policy on Global Privacy Control leaves out.
    """

    accepted: int
    refusals: Mapping[str, int]
    dropped: int
    records: int
    delivery: Delivery

    @classmethod
    def of(
        cls, validations: Sequence[Validation], dropped: int, records: int, delivery: Delivery
    ) -> Self:
        """Return the outcome of a request of which these validations were to be delivered."""
        refusals = Counter(kind(each.refusal) for each in validations if each.refusal is not None)
        return cls(len(validations) - refusals.total(), refusals, dropped, records, delivery)

    @property
    def refused(self) -> int:
        """How many messages were refused."""
        return sum(self.refusals.values())


class Telemetry:
    """Reports outcomes: metrics in CloudWatch's embedded format, logs as JSON lines.

    Counts only: no bodies, no addresses, no ids of people. The namespace tells the metrics of one
    stack from another's. CloudWatch is paid for each metric, and for each byte of the line that has
    it: a metric is what an alarm or the dashboard reads, whatever else is counted is a plain member
    of the line, and what did not happen is left out.
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
        if outcome.refused:
            metrics.add_metric("MessagesRefused", MetricUnit.Count, outcome.refused)
        if not outcome.delivery.is_complete:
            metrics.add_metric("StreamFailures", MetricUnit.Count, 1)
        for name, value in _beside(outcome).items():
            if value:
                metrics.add_metadata(name, value)
        metrics.flush_metrics()


def _beside(outcome: Outcome) -> Mapping[str, object]:
    return {
        "refusals": dict(outcome.refusals),
        "dropped": outcome.dropped,
        "stream_records": outcome.records,
        "stream_retries": outcome.delivery.retries,
    }
