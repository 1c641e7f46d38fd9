"""What a line of a function's log counts, as samples of Prometheus' metrics.

A line in CloudWatch's embedded metric format has each metric as a member, a list of one value, and
its dimensions as members too ("Specification: Embedded metric format", Amazon CloudWatch user
guide). The others are those that metric filters read (``terraform/modules/monitoring``), and what
the stand-ins for AWS's services log in place of AWS's own metrics.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from headwater_contract.tables import FAILED_RECORDS
from headwater_local.metrics import vocabulary as v
from headwater_local.metrics.log import Line
from headwater_local.metrics.vocabulary import Metric

CONSUMERS: Final = {
    "driver": "writer",
    "history-driver": "history",
    "counts-driver": "counts",
    "archive": "archive",
}
"""The parts that take records from the stream, and the consumer that each does so for."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A value to add, to observe or, of a gauge, to set."""

    metric: Metric
    value: float
    labels: tuple[str, ...] = ()


def samples(part: str, line: Line) -> Iterator[Sample]:
    """Yield what a line of a part's log says; nothing, if it is not a line that counts."""
    if "_aws" in line:
        yield from _EMBEDDED.get(line.get("service", ""), _nothing)(line)
    elif line.get("message") == "published":
        yield from _published(line)
    elif line.get("message") == "answered":
        yield Sample(v.REQUESTS, 1, (str(line["status"]),))
        yield Sample(v.REQUEST_SECONDS, line["latency_ms"] / 1000)
    elif part in CONSUMERS:
        yield from _consumed(CONSUMERS[part], line)


def _nothing(_line: Line) -> Iterator[Sample]:
    yield from ()


def _collector(line: Line) -> Iterator[Sample]:
    yield Sample(v.ACCEPTED, _value(line, "MessagesAccepted"))
    yield Sample(v.STREAM_FAILURES, _value(line, "StreamFailures"))
    for reason, count in line.get("refusals", {}).items():
        yield Sample(v.REFUSED, count, (reason,))
    yield Sample(v.DROPPED, line.get("dropped", 0))
    yield Sample(v.STREAM_RECORDS, line.get("stream_records", 0))
    yield Sample(v.STREAM_RETRIES, line.get("stream_retries", 0))


def _poller(line: Line) -> Iterator[Sample]:
    source = (line["source"],)
    yield Sample(v.POLLED, _value(line, "RecordsPolled"), source)
    yield Sample(v.POLLER_REPEATED, line["repeated"], source)
    yield Sample(v.POLLER_SENT, _value(line, "MessagesSent"), source)
    yield Sample(v.POLLER_REFUSED, _value(line, "MessagesRefused"), source)
    yield Sample(v.POLL_FAILURES, _value(line, "PollFailures"), source)
    yield Sample(v.POLL_SECONDS, _value(line, "PollSeconds"), source)
    if "LagSeconds" in line:
        yield Sample(v.POLLER_LAG, _value(line, "LagSeconds"), source)


def _canary(line: Line) -> Iterator[Sample]:
    yield Sample(v.CANARY_LOST, _value(line, "CanaryLost"))
    if "CanarySeconds" in line:
        yield Sample(v.CANARY_SECONDS, _value(line, "CanarySeconds"))


_EMBEDDED: Final = {"collector": _collector, "poller": _poller, "canary": _canary}


def _published(line: Line) -> Iterator[Sample]:
    yield Sample(v.COMMITS, 1)
    for table, rows in line["rows"].items():
        if table == FAILED_RECORDS.name:
            yield Sample(v.FAILED, rows)
        else:
            yield Sample(v.ROWS, rows, (table,))
    yield Sample(v.REPEATED, line["repeats"])
    yield Sample(v.COVERED, line["covered"])
    yield Sample(v.MISSING, line["missing"])
    yield Sample(v.COMMIT_SECONDS, line["seconds"])
    if line["latency_seconds"] is not None:
        yield Sample(v.ROW_LATENCY, line["latency_seconds"])


def _consumed(consumer: str, line: Line) -> Iterator[Sample]:
    match line.get("message"):
        case "batch done" | "records delivered":
            yield Sample(v.CONSUMED, line["records"], (consumer,))
        case "batch failed" | "invocation failed":
            yield Sample(v.CONSUMER_FAILURES, 1, (consumer,))
        case "batch given up on" | "records failed":
            yield Sample(v.GIVEN_UP, line["records"], (consumer,))


def _value(line: Line, name: str) -> float:
    """Return the value of an embedded metric, 0 if the line leaves it out."""
    return float(sum(line.get(name, ())))
