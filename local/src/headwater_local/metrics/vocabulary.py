"""Every metric: its name, what it means, and what says the same on AWS."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What Prometheus may do with a metric ("Metric types", Prometheus documentation)."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of ``/metrics``.

    ``name`` has its unit and, of a counter, ``_total`` at its end ("Metric and label naming",
    Prometheus documentation). ``on_aws`` is what to look at there, as docs/metrics.md has it.
    """

    name: str
    kind: Kind
    meaning: str
    on_aws: str
    labels: tuple[str, ...] = ()


def _counter(name: str, meaning: str, on_aws: str, *labels: str) -> Metric:
    return Metric(f"headwater_{name}_total", Kind.COUNTER, meaning, on_aws, labels)


def _gauge(name: str, meaning: str, on_aws: str, *labels: str) -> Metric:
    return Metric(f"headwater_{name}", Kind.GAUGE, meaning, on_aws, labels)


def _histogram(name: str, meaning: str, on_aws: str, *labels: str) -> Metric:
    return Metric(f"headwater_{name}_seconds", Kind.HISTOGRAM, meaning, on_aws, labels)


REQUESTS: Final = _counter(
    "requests", "requests that the API answered", "`AWS/ApiGateway` `Count`, `5xx`", "status"
)
REQUEST_SECONDS: Final = _histogram(
    "request", "time from a request to its answer", "`AWS/ApiGateway` `Latency`"
)
ACCEPTED: Final = _counter("messages_accepted", "messages accepted", "`MessagesAccepted`")
REFUSED: Final = _counter(
    "messages_refused",
    "messages refused, by the kind of their reason",
    "`MessagesRefused`; reasons are `refusals` in the collector's log",
    "reason",
)
DROPPED: Final = _counter(
    "messages_dropped",
    "messages that the policy on Global Privacy Control leaves out",
    "`dropped` in the collector's log",
)
STREAM_RECORDS: Final = _counter(
    "stream_records", "records put on the stream", "`AWS/Kinesis` `IncomingRecords`"
)
STREAM_RETRIES: Final = _counter(
    "stream_retries",
    "records that were put again because the stream rejected them",
    "`stream_retries` in the collector's log",
)
STREAM_FAILURES: Final = _counter(
    "stream_failures", "requests whose records the stream did not take", "`StreamFailures`"
)

COMMITS: Final = _counter("commits", "commits of the writer", "`Commits`")
ROWS: Final = _counter(
    "rows_written", "rows written, by table", "`EventRows`; `rows` in the writer's log", "table"
)
FAILED: Final = _counter(
    "records_failed", "messages and records that became rows of failed_records", "`FailedRecords`"
)
REPEATED: Final = _counter("repeats", "messages left out as repeats of an event", "`Repeats`")
COVERED: Final = _counter(
    "rows_covered", "rows left out because the ledger covers them", "`Covered`"
)
MISSING: Final = _counter(
    "rows_missing", "rows that the ledger covers and the table lacked", "`Missing`"
)
COMMIT_SECONDS: Final = _histogram(
    "commit", "time to shape, write and commit a chunk", "`seconds` in the writer's log"
)
ROW_LATENCY: Final = _histogram(
    "row_latency",
    "time from a chunk's oldest record on the stream to its commit",
    "`latency_seconds` in the writer's log",
)

NEWEST_ROW_AGE: Final = _gauge(
    "newest_row_age_seconds",
    "time since rows were last added, by table",
    "`freshness` alarm; `headwater doctor`",
    "table",
)
TABLE_ROWS: Final = _gauge("table_rows", "rows of a table", "its metadata", "table")
TABLE_FILES: Final = _gauge("table_files", "data files of a table", "its metadata", "table")
TABLE_BYTES: Final = _gauge(
    "table_bytes",
    "bytes of a table's files, as its newest snapshot has them",
    "its metadata",
    "table",
)
TABLE_SNAPSHOTS: Final = _gauge(
    "table_snapshots", "snapshots that a table can be taken back to", "its metadata", "table"
)

CONSUMED: Final = _counter(
    "consumer_records",
    "stream records that a consumer dealt with: the writer and each sink",
    "`AWS/Lambda` `Invocations`; `AWS/Firehose`",
    "consumer",
)
CONSUMER_FAILURES: Final = _counter(
    "consumer_failures",
    "invocations of a consumer that failed",
    "`AWS/Lambda` `Errors`",
    "consumer",
)
GIVEN_UP: Final = _counter(
    "consumer_records_given_up",
    "stream records given up on, which are kept at the on-failure destination",
    "`GivenUpBatches`; of a sink `AWS/Lambda` `OnFailureDestinationDeliveredEventCount`",
    "consumer",
)
LAG: Final = _gauge(
    "consumer_lag_seconds",
    "age of the oldest record that a consumer has not dealt with",
    "`AWS/Lambda` `IteratorAge`",
    "consumer",
)

POLLED: Final = _counter("poller_records", "records that an API gave", "`RecordsPolled`", "source")
POLLER_REPEATED: Final = _counter(
    "poller_repeats", "records that were polled before", "`repeated` in the poller's log", "source"
)
POLLER_SENT: Final = _counter("poller_messages_sent", "messages sent", "`MessagesSent`", "source")
POLLER_REFUSED: Final = _counter(
    "poller_messages_refused", "messages refused", "`MessagesRefused`", "source"
)
POLL_FAILURES: Final = _counter(
    "poller_failures", "polls that ended early", "`PollFailures`", "source"
)
POLL_SECONDS: Final = _histogram("poll", "time of a poll", "`PollSeconds`", "source")
POLLER_LAG: Final = _gauge(
    "poller_lag_seconds", "age of the newest record when it was polled", "`LagSeconds`", "source"
)

CANARY_LOST: Final = _counter(
    "canary_lost", "the canary's events that it did not see as rows in time", "`CanaryLost`"
)
CANARY_SECONDS: Final = _histogram(
    "canary",
    "time from the canary's request until its events are seen in the table",
    "`CanarySeconds`",
)

RUNNING: Final = _gauge("part_running", "1 if a part runs, else 0", "does not apply", "part")

VOCABULARY: Final[tuple[Metric, ...]] = tuple(
    each for each in dict(globals()).values() if isinstance(each, Metric)
)
"""All of them, in the order of the route."""
