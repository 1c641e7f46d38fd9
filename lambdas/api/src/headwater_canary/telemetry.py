"""What the deployer sees of a flight: metrics in CloudWatch's embedded format, and a log line."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from headwater_canary.canary import Flight

SERVICE = "canary"


def report(flight: Flight, logger: Logger, namespace: str) -> None:
    """Report what became of a flight."""
    metrics = EphemeralMetrics(namespace=namespace, service=SERVICE)
    metrics.add_metric("CanaryLost", MetricUnit.Count, flight.lost)
    if flight.seconds is not None:
        metrics.add_metric("CanarySeconds", MetricUnit.Seconds, flight.seconds)
    metrics.flush_metrics()
    log = logger.error if flight.trouble else logger.info
    log(flight.trouble or "seen", sent=flight.sent, lost=flight.lost, seconds=flight.seconds)
