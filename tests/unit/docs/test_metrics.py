"""docs/metrics.md has every metric of `/metrics`, with its counterpart on AWS, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

from headwater_local.bill import Workload, estimate, read_prices
from headwater_local.metrics.vocabulary import VOCABULARY, Metric

REPOSITORY = Path(__file__).parents[3]
PAGE = (REPOSITORY / "docs" / "metrics.md").read_text()
MONITORING = REPOSITORY / "terraform" / "modules" / "monitoring"
READERS = "".join((MONITORING / name).read_text() for name in ("alarms.tf", "dashboard.tf"))
FILTERS = re.findall(r"(\w+) += \{ pattern = ", (MONITORING / "main.tf").read_text())
EMBEDDED = [
    name
    for path in (REPOSITORY / "lambdas").glob("*/src/**/telemetry.py")
    for name in re.findall(r'add_metric\("(\w+)"', path.read_text())
]
OWN = {*FILTERS, *EMBEDDED}
"""The metrics of the stack's own namespace, each of which is paid for."""


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    cells = (f"`{metric.name}`", metric.kind.value, labels, metric.meaning, metric.on_aws)
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def _rows() -> Iterator[str]:
    table = PAGE.partition("<!-- metrics:")[2].partition("<!-- /metrics -->")[0]
    yield from re.findall(r"(?m)^\| `.+$", table)


def test_the_table_has_each_metric_as_the_code_does_and_no_other() -> None:
    assert list(_rows()) == [_row(metric) for metric in VOCABULARY]


def test_it_names_each_metric_of_the_own_namespace_and_no_other() -> None:
    of_aws = re.compile(r"`AWS/\w+`(?: `\w+`(?:, `\w+`)*)?")
    named = {
        name
        for metric in VOCABULARY
        for name in re.findall(r"`([A-Z]\w+)`", of_aws.sub("", metric.on_aws))
    }

    assert len(OWN) > 10
    assert named == OWN


def test_an_alarm_or_the_dashboard_reads_each_metric_that_is_paid_for() -> None:
    assert {name for name in OWN if f'"{name}"' not in READERS} == set()


def test_says_what_watching_costs() -> None:
    lines = {line.service: line.usd for line in estimate(Workload(100_000_000), read_prices())}
    watching = lines["Metrics and alarms"] + lines["Logs (CloudWatch)"]

    assert f"are ${watching:.2f} of the ${sum(lines.values()):.2f} for" in PAGE
