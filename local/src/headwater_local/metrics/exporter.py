"""The metrics of one Headwater, as Prometheus reads them."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from threading import Lock
from typing import Final, TypeAlias

from botocore.exceptions import BotoCoreError, ClientError
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from headwater_local.data_dir import DataDir
from headwater_local.errors import NotRunningError
from headwater_local.lambda_service.event_source.stream import StreamError
from headwater_local.metrics.log import LogFile
from headwater_local.metrics.state import GAUGES, state
from headwater_local.metrics.translation import CONSUMERS, Sample, samples
from headwater_local.metrics.vocabulary import VOCABULARY, Kind, Metric

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

LOGS: Final = ("collector", "writer", *CONSUMERS, "poller", "canary")
"""The parts whose logs count something."""

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
"""Seconds, from a request's answer to a batch that waited for a writer."""

_Instrument: TypeAlias = Counter | Gauge | Histogram
_SILENT: Final = (NotRunningError, StreamError, BotoCoreError, ClientError)


class Exporter:
    """Adds up what the logs have said since they began; ``now`` is the clock, aware UTC."""

    def __init__(
        self, data_dir: DataDir, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._data_dir = data_dir
        self._now = now
        self._registry = CollectorRegistry()
        self._instruments = {each: _instrument(each, self._registry) for each in VOCABULARY}
        self._logs = {part: LogFile(data_dir.log_file(part)) for part in LOGS}
        self._lock = Lock()

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        with self._lock:
            for part, log in self._logs.items():
                for line in log.new_lines():
                    self._take(samples(part, line))
            self._observe_state()
            return generate_latest(self._registry)

    def _observe_state(self) -> None:
        # What cannot be seen now is left out rather than told as it was.
        for gauge in GAUGES:
            self._instruments[gauge].clear()
        try:
            self._take(state(self._data_dir, self._now()))
        except _SILENT:
            return

    def _take(self, found: Iterable[Sample]) -> None:
        for sample in found:
            instrument = self._instruments[sample.metric]
            child = instrument.labels(*sample.labels) if sample.labels else instrument
            match child:
                case Counter():
                    child.inc(sample.value)
                case Gauge():
                    child.set(sample.value)
                case Histogram():
                    child.observe(sample.value)


def _instrument(metric: Metric, registry: CollectorRegistry) -> _Instrument:
    match metric.kind:
        case Kind.COUNTER:
            return Counter(metric.name, metric.meaning, metric.labels, registry=registry)
        case Kind.GAUGE:
            return Gauge(metric.name, metric.meaning, metric.labels, registry=registry)
        case Kind.HISTOGRAM:
            return Histogram(
                metric.name, metric.meaning, metric.labels, registry=registry, buckets=BUCKETS
            )
