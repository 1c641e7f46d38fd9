"""docs/scale.md has the commits and the dollars of one and the same month."""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from headwater_local.bill import HOURS, Workload, estimate, read_prices

PAGE = (Path(__file__).parents[3] / "docs" / "scale.md").read_text()
SECONDS = HOURS * 3600
WRITERS = ("Writer (Lambda)", "Staged mode (Lambda, SQS)", "Cluster (EMR Serverless)")


class Row(NamedTuple):
    """A row of the page's first table."""

    rate: int
    shards: int
    tier: str
    commits: str
    newest: str
    stream: int
    writer: int

    @property
    def workload(self) -> Workload:
        return Workload(
            self.rate * SECONDS, cluster="cluster" in self.tier, staged="staged" in self.tier
        )


def _rows() -> Iterator[Row]:
    table = PAGE.partition("## The arithmetic")[0]
    for line in re.findall(r"(?m)^\| (\d.+) \|$", table):
        rate, shards, tier, commits, newest, stream, writer = line.split(" | ")
        yield Row(
            _number(rate), _number(shards), tier, commits, newest, _number(stream), _number(writer)
        )


def _number(text: str) -> int:
    return int(text.replace(",", ""))


ROWS = tuple(_rows())
OF_LAMBDA = tuple(row for row in ROWS if not row.workload.cluster and not row.workload.staged)


def _lines(workload: Workload) -> dict[str, float]:
    return {line.service: line.usd for line in estimate(workload, read_prices())}


def test_has_rows_of_each_tier() -> None:
    assert len(OF_LAMBDA) == 4
    assert {row.workload.cluster for row in ROWS} == {True, False}
    assert {row.workload.staged for row in ROWS} == {True, False}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_says_what_shards_and_writers_cost(row: Row) -> None:
    price = read_prices()["kinesis"]
    puts = row.rate / 20 * SECONDS / 1e6 * price["million_put_units"]
    lines = _lines(row.workload)

    assert row.shards == math.ceil(row.rate / 4000)
    assert row.stream == round(row.shards * HOURS * price["shard_hour"] + puts)
    assert row.writer == round(sum(lines.get(service, 0) for service in WRITERS))


@pytest.mark.parametrize("row", OF_LAMBDA, ids=str)
def test_says_the_commits_that_are_paid_for(row: Row) -> None:
    commits = row.workload.commits

    assert row.commits == f"{round(commits / (HOURS * 60))} a minute"
    assert row.newest == f"{round(SECONDS * row.shards / commits)} s"


def test_says_what_commits_cost_beside_the_writers() -> None:
    by_lambda, by_cluster = (
        _lines(Workload(40_000 * SECONDS, cluster=cluster)) for cluster in (False, True)
    )
    more = sum(by_lambda[name] - by_cluster[name] for name in ("Lake (S3)", "Catalog (Glue)"))

    assert f"${more:.0f} a month more with Lambdas" in " ".join(PAGE.split())


def test_says_what_a_full_shard_costs_in_staged_mode() -> None:
    full = Workload(4_000 * SECONDS)
    writing = _lines(full)["Writer (Lambda)"]

    assert f"| {full.commits:,} batches; writing them takes ${writing:.2f} |" in PAGE
    assert f"every {SECONDS / full.commits:.1f} s" in PAGE
