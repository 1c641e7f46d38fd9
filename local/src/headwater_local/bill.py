"""What a month of Headwater costs on AWS, by arithmetic: list prices times usage.

The assumptions are constants here, each with its source; the prices are in `prices.toml`,
with the day they were looked up. Left out: queries (Athena asks $5 a terabyte), traffic out, and
the browser SDK's CloudFront, which is free for ever up to a terabyte and ten million requests.
"""

import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final, Literal

from headwater_local.lambda_service.event_source.event import PAYLOAD_LIMIT_BYTES
from headwater_reports.errors import HeadwaterError

Entry = Literal["api", "function_url"]
Prices = Mapping[str, Mapping[str, float]]

HOURS: Final = 730
"""Of a month, as AWS's own calculator counts."""

COLLECTOR_GB: Final = 0.5
COLLECTOR_SECONDS: Final = 0.015
"""A warm request: about a millisecond of our code, and one PutRecords."""
METRICS_LINE_BYTES: Final = 256
"""The collector's one line of a request that went well: Lambda's own are left out."""
ACCESS_LINE_BYTES: Final = 60
"""What the API logs of a request (``terraform/modules/collector/api.tf``)."""
LOG_BYTES: Final = {
    "api": METRICS_LINE_BYTES + ACCESS_LINE_BYTES,
    "function_url": METRICS_LINE_BYTES,
}

WRITER_GB: Final = 3008 / 1024
WRITER_SECONDS_A_COMMIT: Final = 1.5
"""A warm writer's commit: some twenty calls to S3 and Glue, one after the other."""
WRITER_SECONDS_AN_EVENT: Final = 20e-6
"""Rows shaped, sorted and written: docs/performance.md measures the parts."""

WRITER_RESTORES_A_MONTH: Final = 365
"""From a snapshot, of each shard's writer. Its batches keep an instance warm; Lambda replaces one
after some two hours."""

PUTS_A_COMMIT: Final = 5
GETS_A_COMMIT: Final = 10
GLUE_CALLS_A_COMMIT: Final = 6
STORED_SHARE: Final = 0.15
"""Of a message's bytes, as Parquet with zstd."""
PACKED_SHARE: Final = 0.25
"""Of a request's bytes, as a gzip stream record."""
BASE64: Final = 4 / 3
ENVELOPE_BYTES: Final = 500
"""Of a stream record, as Lambda hands it over: what stands around its data."""

MAINTENANCE_RUNS_AN_HOUR: Final = 1
MAINTENANCE_RUNS_BESIDE_MANY_SHARDS: Final = 6
"""An hour, with more than two shards: ``terraform/main.tf``."""
MAINTENANCE_SECONDS_A_RUN: Final = 30
"""Ten to start Spark, and three tables looked after."""

HISTORY_ITEM_BYTES: Final = 500
"""Of an event with a page, and the 100 bytes that DynamoDB counts on top. Each 1 KB is a write:
an event with large properties costs several."""
HISTORY_SECONDS_AN_EVENT: Final = 300e-6
"""A call takes some five milliseconds for 25 items; eight calls are under way at once."""
COUNTS_SECONDS_AN_EVENT: Final = 80e-6
"""Judged and counted, some hundred events in a transaction."""
COUNTS_GB: Final = 20
COUNTS_ENDPOINTS: Final = 2
"""Of Secrets Manager: one in each of two zones."""
SINK_GB: Final = 0.5
SINK_ALARMS: Final = 2
SINK_METRICS: Final = ("PolledEventCount", "FilteredOutEventCount", "InvokedEventCount")
"""What a sink's mapping emits each month once `metrics_config` counts what it gives up on; paid for
like metrics of one's own."""

METRICS: Final = (
    *("MessagesAccepted", "MessagesRefused"),
    *("Commits", "EventRows", "FailedRecords", "Repeats"),
)
"""The collector's and the writer's that occur every month."""
ALARMS: Final = 17
ALARM_METRICS: Final = 20

POLLER_VCPU: Final = 0.25
POLLER_GB: Final = 0.5
POLLER_METRICS: Final = 6
POLLER_ALARMS: Final = 2
"""A config's own: ``terraform/modules/monitoring/alarms.tf``."""

CLUSTER_SECONDS_AN_EVENT: Final = 100e-6
"""Of a processor: docs/scale.md has the parts."""
CLUSTER_WORKER_VCPU: Final = 4
CLUSTER_WORKER_GB: Final = 16
"""Of the driver, and of each executor: ``terraform/modules/cluster/main.tf``."""
CLUSTER_ROUND_SECONDS: Final = 30
KEEPER_RUNS: Final = HOURS * 12
KEEPER_TRANSITIONS: Final = 4
"""Of a run that finds all as it should be; it begins with one."""
CLUSTER_ALARM_METRICS: Final = 3
"""Of two alarms: `cluster-lag` reads two."""

OFFER_SECONDS: Final = 2
"""How long a writer waits for its offer; docs/scale.md has the parts of this and the next two."""
OFFER_LOOKS: Final = 4
OFFER_QUEUE_REQUESTS: Final = 2.2
COMMITTER_SECONDS_A_GROUP: Final = 1
"""Each offer is counted as a group of its own: an upper bound."""
QUEUE_POLLS: Final = HOURS * 3600 / 20 * 5
"""While a queue is empty, five connections of Lambda's poll it, for twenty seconds at a time."""
COMMITTER_ALARMS: Final = 2

CANARY_FLIGHTS: Final = HOURS * 12
CANARY_SECONDS: Final = 75
"""Until its events are rows: a batch waits for a minute."""
CANARY_GB: Final = 0.25
CANARY_LOOKS: Final = 3
ATHENA_LEAST_TB: Final = 10e6 / 1e12
"""What a query is billed for at least."""
CANARY_METRICS: Final = 2
CANARY_ALARMS: Final = 1

QUESTION_GB_A_MILLION: Final = 0.054
"""What a question about all of it reads, per million events: no more than the bytes that they take
(docs/performance.md, "Questions")."""
QUESTION_SECONDS: Final = 3
"""The function waits for Athena."""
QUESTION_GB: Final = 0.5
REPORT_ALARMS: Final = 3
OBSERVABILITY_VCPU: Final = 0.25
OBSERVABILITY_GB: Final = 1.0
"""The defaults of ``terraform/variables.tf``."""
YACE_METRICS: Final = 21
"""Of ``docs/observability/yace.yaml``, with five functions of which each has two."""
YACE_ASKS: Final = HOURS * 12

ARCHIVE_GB: Final = 1.0
ARCHIVE_SECONDS_AN_EVENT: Final = 60e-6
"""Judged, and made a line of JSON: 22 microseconds on a laptop; a GB of memory is half a core."""
ARCHIVED_SHARE: Final = 0.25
"""Of a message's bytes, as a line of JSON with its envelope, by gzip."""
ARCHIVE_ALARMS: Final = 2

_FIREHOSE_UNIT = 5 * 1024
_PUT_UNIT = 25 * 1024
_SHARD_BYTES_A_SECOND = 1024**2
_SHARD_RECORDS_A_SECOND = 1000
_PEAK = 5
"""How far the busiest second of a month is above its average: shards are paid for it."""

_COUNT = re.compile(r"(?P<number>\d[\d_]*(\.\d+)?)(?P<unit>[kMB]?)")
_UNITS = {"": 1, "k": 1e3, "M": 1e6, "B": 1e9}


class CountError(HeadwaterError):
    """A number of events that cannot be read."""


@dataclass(frozen=True)
class Workload:
    """What a month brings.

    Attributes:
        events: Events in the month.
        batch: Events of a request.
        event_bytes: Bytes of an event as JSON.
        window_seconds: How long the writer collects before it commits.
        entry: What stands before the collector.
        sinks: What keeps more copies of the events.
        pollers: Configs of the poller, each with a task that is always on.
        fan_out: Whether the writer has a throughput of its own (`writer.enhanced_fan_out`).
        canary: Whether marked events are sent and looked for (`canary`).
        questions: Panels of the reports that ask Athena, each about the whole month.
        cluster: Whether a Spark cluster writes in place of the writer (`cluster`).
        staged: Whether the writers offer their commits to a committer (`staged`).
        observability: Whether Grafana runs beside the stack (`observability`).
        snapshots: Published versions of the writer that have a snapshot (`writer.snap_start`).
    """

    events: int
    batch: int = 20
    event_bytes: int = 1000
    window_seconds: int = 60
    entry: Entry = "api"
    sinks: Sequence[str] = ()
    pollers: int = 0
    fan_out: bool = False
    canary: bool = False
    questions: int = 0
    cluster: bool = False
    staged: bool = False
    observability: bool = False
    snapshots: int = 0

    @property
    def requests(self) -> int:
        """Requests in the month."""
        return math.ceil(self.events / self.batch)

    @property
    def packed_bytes(self) -> float:
        """Bytes of a stream record, which has the events of one request."""
        return self.batch * self.event_bytes * PACKED_SHARE

    @property
    def shards(self) -> int:
        """Shards that take the busiest second, at 1 MB/s or 1,000 records/s each."""
        records_a_second = _PEAK * self.requests / (HOURS * 3600)
        needed = records_a_second * max(
            self.packed_bytes / _SHARD_BYTES_A_SECOND, 1 / _SHARD_RECORDS_A_SECOND
        )
        return max(1, math.ceil(needed))

    @property
    def commits(self) -> int:
        """Commits in the month: one a batch, and no more than there are requests.

        A batch is due when its window is over or its payload is full, whichever comes first. A
        cluster commits once a round, whatever the shards.
        """
        if self.cluster:
            return min(self.requests, HOURS * 3600 // CLUSTER_ROUND_SECONDS)
        windows = HOURS * 3600 / max(self.window_seconds, 1) * self.shards
        record = self.packed_bytes * BASE64 + ENVELOPE_BYTES
        payloads = self.requests * record / PAYLOAD_LIMIT_BYTES
        return min(self.requests, math.ceil(max(windows, payloads)))


@dataclass(frozen=True)
class Line:
    """A line of the bill; `original` is what ManyMetrics' README says of the same, if anything."""

    service: str
    amount: str
    usd: float
    original: float | None = None


def parse_count(text: str) -> int:
    """Read a count like `250k`, `100M`, `1.5B` or `1_000_000`.

    Raises:
        CountError: The text is not a count, or it is zero.
    """
    match = _COUNT.fullmatch(text)
    count = round(float(match["number"]) * _UNITS[match["unit"]]) if match else 0
    if count < 1:
        raise CountError(f"{text!r} is not a number of events: write 250k, 100M or 1.5B.")
    return count


def read_prices() -> Prices:
    """Return the price table, by service and by what is paid for."""
    text = (resources.files("headwater_local") / "prices.toml").read_text()
    tables: dict[str, Any] = tomllib.loads(text)
    return tables


def estimate(workload: Workload, prices: Prices) -> list[Line]:
    """Return the lines of a month's bill, in the order of an event's route."""
    millions = workload.events / 1e6
    return [
        _http_api(workload, prices["http_api"], original=1.00 * millions),
        _collector(workload, prices["lambda"]),
        _kinesis(workload, prices["kinesis"]),
        *([_fan_out(workload, prices["kinesis"])] if workload.fan_out else []),
        _writes(workload, prices, original=0.10 * millions),
        *([_staged(workload, prices)] if workload.staged else []),
        *([_snapshots(workload, prices["snap_start"])] if workload.snapshots else []),
        _maintenance(workload, prices["lambda"]),
        _storage(workload, prices["s3"]),
        _catalog(workload, prices["glue"]),
        _logs(workload, prices["cloudwatch"]),
        _watching(prices["cloudwatch"]),
        *(SINKS[name](workload, prices) for name in workload.sinks),
        *([_pollers(workload, prices)] if workload.pollers else []),
        *([_canary(prices)] if workload.canary else []),
        *([_reports(workload, prices)] if workload.questions else []),
        *([_observability(prices)] if workload.observability else []),
    ]


def _http_api(workload: Workload, price: Mapping[str, float], original: float) -> Line:
    requests = workload.requests if workload.entry == "api" else 0
    usd = requests / 1e6 * price["million_requests"]
    return Line("HTTP API", f"{requests:,} requests", usd, original)


def _collector(workload: Workload, price: Mapping[str, float]) -> Line:
    seconds = workload.requests * COLLECTOR_SECONDS * COLLECTOR_GB
    usd = workload.requests / 1e6 * price["million_requests"] + seconds * price["gb_second"]
    return Line("Collector (Lambda)", f"{seconds:,.0f} GB-seconds", usd)


def _kinesis(workload: Workload, price: Mapping[str, float]) -> Line:
    units = math.ceil(workload.packed_bytes / _PUT_UNIT)
    puts = workload.requests * units / 1e6 * price["million_put_units"]
    usd = workload.shards * HOURS * price["shard_hour"] + puts
    # Its README counts 720 hours, and leaves the put units out.
    amount = f"{workload.shards} shard{'' if workload.shards == 1 else 's'}"
    return Line("Stream (Kinesis)", amount, usd, 10.80)


def _fan_out(workload: Workload, price: Mapping[str, float]) -> Line:
    gigabytes = workload.events * workload.event_bytes * PACKED_SHARE / 1e9
    usd = workload.shards * HOURS * price["consumer_shard_hour"] + gigabytes * price["consumer_gb"]
    return Line("Enhanced fan-out (Kinesis)", f"{gigabytes:,.1f} GB read", usd)


def _snapshots(workload: Workload, price: Mapping[str, float]) -> Line:
    kept = workload.snapshots * WRITER_GB * HOURS * 3600 * price["kept_gb_second"]
    restored = workload.shards * WRITER_RESTORES_A_MONTH * WRITER_GB * price["restored_gb"]
    amount = f"{workload.snapshots} version{'' if workload.snapshots == 1 else 's'} kept"
    return Line("Snapshots (SnapStart)", amount, kept + restored)


def _writes(workload: Workload, prices: Prices, original: float) -> Line:
    if workload.cluster:
        return _cluster(workload, prices, original)
    return _writer(workload, prices["lambda"], original)


def _cluster(workload: Workload, prices: Prices, original: float) -> Line:
    price, watched = prices["emr_serverless"], prices["cloudwatch"]
    vcpu = workload.events / (HOURS * 3600) * CLUSTER_SECONDS_AN_EVENT
    workers = 1 + max(1, math.ceil(vcpu / CLUSTER_WORKER_VCPU))
    worker = CLUSTER_WORKER_VCPU * price["vcpu_hour"] + CLUSTER_WORKER_GB * price["gb_hour"]
    usd = workers * HOURS * worker + CLUSTER_ALARM_METRICS * watched["alarm_metric"]
    usd += KEEPER_RUNS * KEEPER_TRANSITIONS * prices["step_functions"]["transition"]
    return Line(
        "Cluster (EMR Serverless)",
        f"{workers} workers, {workload.commits:,} commits",
        usd,
        original,
    )


def _writer(workload: Workload, price: Mapping[str, float], original: float) -> Line:
    seconds = workload.commits * WRITER_SECONDS_A_COMMIT + workload.events * WRITER_SECONDS_AN_EVENT
    usd = workload.commits / 1e6 * price["million_requests"]
    usd += seconds * WRITER_GB * price["gb_second"]
    return Line("Writer (Lambda)", f"{workload.commits:,} commits", usd, original)


def _staged(workload: Workload, prices: Prices) -> Line:
    price = prices["lambda"]
    offers = 0 if workload.cluster else workload.commits  # A cluster commits by itself.
    committing = min(offers * COMMITTER_SECONDS_A_GROUP, HOURS * 3600)
    seconds = offers * OFFER_SECONDS + committing
    usd = seconds * WRITER_GB * price["gb_second"] + committing / 1e6 * price["million_requests"]
    usd += offers * OFFER_LOOKS / 1e6 * prices["glue"]["million_requests"]
    requests = offers * OFFER_QUEUE_REQUESTS + QUEUE_POLLS
    usd += requests / 1e6 * prices["sqs"]["million_requests"]
    usd += COMMITTER_ALARMS * prices["cloudwatch"]["alarm_metric"]
    return Line("Staged mode (Lambda, SQS)", f"{offers:,} offers", usd)


def _maintenance(workload: Workload, price: Mapping[str, float]) -> Line:
    many = workload.shards > 2
    runs = HOURS * (MAINTENANCE_RUNS_BESIDE_MANY_SHARDS if many else MAINTENANCE_RUNS_AN_HOUR)
    gb_seconds = runs * MAINTENANCE_SECONDS_A_RUN * WRITER_GB
    usd = runs / 1e6 * price["million_requests"] + gb_seconds * price["gb_second"]
    return Line("Maintenance (Lambda)", f"{runs:,} runs", usd)


def _storage(workload: Workload, price: Mapping[str, float]) -> Line:
    stored_gb = workload.events * workload.event_bytes * STORED_SHARE / 1e9
    usd = stored_gb * price["gb_month"]
    usd += workload.commits * PUTS_A_COMMIT / 1000 * price["thousand_puts"]
    usd += workload.commits * GETS_A_COMMIT / 1000 * price["thousand_gets"]
    return Line("Lake (S3)", f"{stored_gb:,.1f} GB more each month", usd)


def _catalog(workload: Workload, price: Mapping[str, float]) -> Line:
    calls = workload.commits * GLUE_CALLS_A_COMMIT
    paid = max(0.0, calls / 1e6 - price["free_million_requests"])
    return Line("Catalog (Glue)", f"{calls:,} requests", paid * price["million_requests"])


def _logs(workload: Workload, price: Mapping[str, float]) -> Line:
    gigabytes = workload.requests * LOG_BYTES[workload.entry] / 1e9
    return Line("Logs (CloudWatch)", f"{gigabytes:,.1f} GB", gigabytes * price["log_gb"])


def _watching(price: Mapping[str, float]) -> Line:
    usd = len(METRICS) * price["metric"] + ALARM_METRICS * price["alarm_metric"]
    return Line("Metrics and alarms", f"{len(METRICS)} metrics, {ALARMS} alarms", usd)


def _sink_watched(price: Mapping[str, float]) -> float:
    return len(SINK_METRICS) * price["metric"] + SINK_ALARMS * price["alarm_metric"]


def _pollers(workload: Workload, prices: Prices) -> Line:
    task, watched = prices["fargate"], prices["cloudwatch"]
    usd = HOURS * (POLLER_VCPU * task["vcpu_hour"] + POLLER_GB * task["gb_hour"])
    usd += POLLER_METRICS * watched["metric"] + POLLER_ALARMS * watched["alarm_metric"]
    amount = f"{workload.pollers} task{'' if workload.pollers == 1 else 's'}, watched"
    return Line("Poller (Fargate)", amount, workload.pollers * usd)


def _canary(prices: Prices) -> Line:
    watched = prices["cloudwatch"]
    usd = CANARY_FLIGHTS * CANARY_SECONDS * CANARY_GB * prices["lambda"]["gb_second"]
    usd += CANARY_FLIGHTS * CANARY_LOOKS * ATHENA_LEAST_TB * prices["athena"]["tb"]
    usd += CANARY_METRICS * watched["metric"] + CANARY_ALARMS * watched["alarm_metric"]
    return Line("Canary (Lambda, Athena)", f"{CANARY_FLIGHTS:,} flights", usd)


def _reports(workload: Workload, prices: Prices) -> Line:
    read_tb = max(ATHENA_LEAST_TB, workload.events / 1e6 * QUESTION_GB_A_MILLION / 1e3)
    usd = workload.questions * read_tb * prices["athena"]["tb"]
    usd += workload.questions * QUESTION_SECONDS * QUESTION_GB * prices["lambda"]["gb_second"]
    usd += workload.questions / 1e6 * prices["http_api"]["million_requests"]
    usd += REPORT_ALARMS * prices["cloudwatch"]["alarm_metric"]
    return Line("Reports (Athena, Lambda)", f"{workload.questions:,} questions", usd)


def _observability(prices: Prices) -> Line:
    task, watched = prices["fargate"], prices["cloudwatch"]
    usd = HOURS * (OBSERVABILITY_VCPU * task["vcpu_hour"] + OBSERVABILITY_GB * task["gb_hour"])
    usd += YACE_METRICS * YACE_ASKS / 1000 * watched["thousand_metrics_asked"]
    usd += prices["secrets_manager"]["secret_month"]
    return Line("Grafana (Fargate)", f"a task, {YACE_METRICS} metrics every 5 min", usd)


def _archive(workload: Workload, prices: Prices) -> Line:
    units = workload.requests * math.ceil(workload.packed_bytes / _FIREHOSE_UNIT)
    usd = units * _FIREHOSE_UNIT / 1e9 * prices["firehose"]["gb"]
    seconds = workload.events * ARCHIVE_SECONDS_AN_EVENT
    usd += seconds * ARCHIVE_GB * prices["lambda"]["gb_second"]
    stored_gb = workload.events * workload.event_bytes * ARCHIVED_SHARE / 1e9
    usd += stored_gb * prices["s3"]["gb_month"]
    usd += ARCHIVE_ALARMS * prices["cloudwatch"]["alarm_metric"]
    return Line("Archive (Firehose, S3)", f"{stored_gb:,.1f} GB more each month", usd)


def _history(workload: Workload, prices: Prices) -> Line:
    price = prices["dynamodb"]
    stored_gb = workload.events * HISTORY_ITEM_BYTES / 1e9
    usd = workload.events / 1e6 * price["million_writes"]
    usd += stored_gb * (price["gb_month"] + price["recovery_gb_month"])
    usd += workload.events * HISTORY_SECONDS_AN_EVENT * SINK_GB * prices["lambda"]["gb_second"]
    usd += _sink_watched(prices["cloudwatch"])
    return Line("History (DynamoDB)", f"{workload.events:,} writes", usd)


def _counts(workload: Workload, prices: Prices) -> Line:
    price = prices["rds"]
    usd = HOURS * price["micro_hour"] + COUNTS_GB * price["gb_month"]
    usd += COUNTS_ENDPOINTS * HOURS * price["endpoint_hour"]
    usd += prices["secrets_manager"]["secret_month"]
    usd += workload.events * COUNTS_SECONDS_AN_EVENT * SINK_GB * prices["lambda"]["gb_second"]
    usd += _sink_watched(prices["cloudwatch"])
    return Line("Counts (RDS)", f"db.t4g.micro, {COUNTS_GB} GB", usd)


SINKS: Final[Mapping[str, Callable[[Workload, Prices], Line]]] = {
    "history": _history,
    "counts": _counts,
    "archive": _archive,
}
"""What each sink adds, by its name."""
