"""What the deployer sees of a flight: metrics in CloudWatch's embedded format, and a log line."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from headwater_canary.canary import EVENTS, Canary, Flight

SERVICE = "canary"


def fly(canary: Canary, logger: Logger, namespace: str) -> Flight:
    """Let the canary fly, and report its flight: one that fails has lost all of its events.

    Raises:
        Exception: whatever made the flight fail, once it is reported.
    """
    try:
        flight = canary.fly()
    except Exception as error:
        trouble = (
            f"The flight failed before its events were seen ({error!r}): the traceback says where. "
            "Unless another alarm is on, the defect is the canary's own: report it."
        )
        report(Flight(EVENTS, EVENTS, trouble=trouble), logger, namespace)
        raise
    report(flight, logger, namespace)
    return flight


def report(flight: Flight, logger: Logger, namespace: str) -> None:
    """Report what became of a flight."""
    metrics = EphemeralMetrics(namespace=namespace, service=SERVICE)
    metrics.add_metric("CanaryLost", MetricUnit.Count, flight.lost)
    if flight.seconds is not None:
        metrics.add_metric("CanarySeconds", MetricUnit.Seconds, flight.seconds)
    metrics.flush_metrics()
    log = logger.error if flight.trouble else logger.info
    log(flight.trouble or "seen", sent=flight.sent, lost=flight.lost, seconds=flight.seconds)
