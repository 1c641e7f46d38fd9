import re
from pathlib import Path

import pytest
import yaml
from aws_lambda_powertools import Logger

from headwater_collector.delivery import Delivery
from headwater_collector.telemetry import Outcome, Telemetry
from headwater_local.bill import (
    ACCESS_LINE_BYTES,
    ALARM_METRICS,
    ALARMS,
    ARCHIVE_ALARMS,
    CANARY_ALARMS,
    CANARY_METRICS,
    CLUSTER_ALARM_METRICS,
    CLUSTER_WORKER_GB,
    CLUSTER_WORKER_VCPU,
    COMMITTER_ALARMS,
    HOURS,
    METRICS,
    METRICS_LINE_BYTES,
    POLLER_ALARMS,
    POLLER_METRICS,
    REPORT_ALARMS,
    SINK_ALARMS,
    SINKS,
    YACE_METRICS,
    CountError,
    Entry,
    Workload,
    estimate,
    parse_count,
    read_prices,
)

REPOSITORY = Path(__file__).parents[3]
ORIGINAL = {1_000_000: 11.90, 10_000_000: 21.80, 100_000_000: 120.80}


def _total(workload: Workload) -> float:
    return sum(line.usd for line in estimate(workload, read_prices()))


def _line(workload: Workload, service: str) -> float:
    [usd] = [line.usd for line in estimate(workload, read_prices()) if line.service == service]
    return usd


def test_a_hundred_million_batched_events_cost_less_than_35_dollars() -> None:
    assert _total(Workload(100_000_000, batch=20)) < 35


@pytest.mark.parametrize("events", ORIGINAL)
def test_says_the_originals_own_totals(events: int) -> None:
    lines = estimate(Workload(events), read_prices())

    assert sum(line.original or 0 for line in lines) == pytest.approx(ORIGINAL[events])


def test_counts_the_alarms_that_a_stack_has_and_each_metric_that_they_read() -> None:
    alarms_tf = (REPOSITORY / "terraform/modules/monitoring/alarms.tf").read_text()
    optional = "archive|canary|cluster|committer|counts|history|reports|sinks"
    of_one_metric = re.findall(rf"(?m)^    (?!(?:{optional})-)[a-z-]+ = \{{$", alarms_tf)
    always = alarms_tf.replace(_cluster_lag(alarms_tf), "")
    of_several = re.findall(r"alarm_name += \"\$\{var\.name\}-[a-z-]+\"", always)
    read_by_those = re.findall(r"(?m)^    metric \{$", always)

    # Either the API or the function's own address is there.
    assert len(of_one_metric) - 1 + len(of_several) == ALARMS
    assert len(of_one_metric) - 1 + len(read_by_those) == ALARM_METRICS
    of_sinks = {"archive": ARCHIVE_ALARMS, "history": SINK_ALARMS, "counts": SINK_ALARMS}
    for sink, alarms in of_sinks.items():
        assert len(re.findall(rf"(?m)^    {sink}-[a-z-]+ = \{{$", alarms_tf)) == alarms


def _cluster_lag(alarms_tf: str) -> str:
    """Return the one alarm of the cluster that reads several metrics."""
    [resource] = re.findall(r'(?ms)^resource "\w+" "cluster_lag" \{$.+?^\}$', alarms_tf)
    return str(resource)


def test_counts_the_alarms_and_the_workers_of_the_cluster() -> None:
    alarms_tf = (REPOSITORY / "terraform/modules/monitoring/alarms.tf").read_text()
    main_tf = (REPOSITORY / "terraform/modules/cluster/main.tf").read_text()
    [(vcpu, java, python)] = re.findall(
        r"worker = \{ vcpu = (\d+), java_gb = (\d+), python_gb = (\d+) \}", main_tf
    )

    of_one_metric = re.findall(r"(?m)^    cluster-[a-z-]+ = \{$", alarms_tf)
    read_by_the_other = re.findall(r"(?m)^    metric \{$", _cluster_lag(alarms_tf))
    assert len(of_one_metric) + len(read_by_the_other) == CLUSTER_ALARM_METRICS
    assert int(vcpu) == CLUSTER_WORKER_VCPU
    assert int(java) + int(python) == CLUSTER_WORKER_GB


def test_a_cluster_takes_the_writers_place_and_grows_by_whole_workers() -> None:
    second = HOURS * 3600
    few, many = (Workload(events * second, cluster=True) for events in (1_000, 100_000))
    worker = HOURS * (4 * 0.042094 + 16 * 0.004628)

    assert "Writer (Lambda)" not in {line.service for line in estimate(few, read_prices())}
    assert _line(few, "Cluster (EMR Serverless)") == pytest.approx(2 * worker, abs=1.5)
    assert _line(many, "Cluster (EMR Serverless)") == pytest.approx(4 * worker, abs=1.5)
    assert many.commits == HOURS * 120


def test_counts_the_alarms_of_the_committer() -> None:
    alarms_tf = (REPOSITORY / "terraform/modules/monitoring/alarms.tf").read_text()

    assert len(re.findall(r"(?m)^    committer-[a-z-]+ = \{$", alarms_tf)) == COMMITTER_ALARMS


def test_a_committer_costs_no_more_than_one_that_is_always_busy() -> None:
    service, busy = "Staged mode (Lambda, SQS)", HOURS * 3600
    some, most = (Workload(n * 10**9, window_seconds=1, staged=True) for n in (10, 20))
    more = _line(most, service) - _line(some, service)

    assert some.commits > busy
    # A wait of two seconds, the looks and the queue's requests: docs/scale.md.
    assert more / (most.commits - some.commits) == pytest.approx(0.0000833, rel=0.01)


def test_nobody_offers_beside_a_cluster() -> None:
    idle = _line(Workload(0, staged=True), "Staged mode (Lambda, SQS)")
    beside = _line(Workload(10**9, staged=True, cluster=True), "Staged mode (Lambda, SQS)")

    assert beside == idle > 0


def test_counts_the_alarm_and_the_metrics_of_the_canary() -> None:
    alarms_tf = (REPOSITORY / "terraform/modules/monitoring/alarms.tf").read_text()
    telemetry = (REPOSITORY / "lambdas/api/src/headwater_canary/telemetry.py").read_text()

    assert len(re.findall(r"(?m)^    canary-[a-z-]+ = \{$", alarms_tf)) == CANARY_ALARMS
    assert telemetry.count(".add_metric(") == CANARY_METRICS


def test_counts_the_alarms_of_the_reports() -> None:
    alarms_tf = (REPOSITORY / "terraform/modules/monitoring/alarms.tf").read_text()

    assert len(re.findall(r"(?m)^    reports-[a-z-]+ = \{$", alarms_tf)) == REPORT_ALARMS


def test_a_question_about_little_costs_what_athena_asks_at_least() -> None:
    least = 5 * 10e6 / 1e12

    asked = [
        _line(Workload(10_000, questions=questions), "Reports (Athena, Lambda)")
        for questions in (1_000_000, 2_000_000)
    ]

    assert asked[1] - asked[0] > 1_000_000 * least


def test_counts_the_metrics_that_yace_asks_for() -> None:
    asked = yaml.safe_load((REPOSITORY / "docs/observability/yace.yaml").read_text())
    own = sum(len(each["metrics"]) for each in asked["customNamespace"])
    of_functions = sum(len(each["metrics"]) for each in asked["discovery"]["jobs"])

    assert own + 5 * of_functions == YACE_METRICS


def test_an_idle_stack_costs_its_shard_and_what_looks_after_it() -> None:
    one_event = Workload(1)

    parts = ("Stream (Kinesis)", "Maintenance (Lambda)", "Metrics and alarms")
    expected = sum(_line(one_event, part) for part in parts)

    assert _total(one_event) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("events", ORIGINAL)
def test_the_docs_say_the_same_totals(events: int) -> None:
    docs = REPOSITORY / "docs" / "cost.md"

    assert f"**{_total(Workload(events)):.2f}** | **{ORIGINAL[events]:.2f}**" in docs.read_text()


def test_the_readme_says_the_same() -> None:
    readme = " ".join((REPOSITORY / "README.md").read_text().split())

    assert f"come to about ${_total(Workload(100_000_000)):.0f} by list prices" in readme
    assert f"a million come to ${_total(Workload(1_000_000)):.0f}," in readme


@pytest.mark.parametrize(
    ("requests_a_second", "entry"), [(1000, "api"), (100, "api"), (1000, "function_url")]
)
def test_the_docs_say_what_the_worst_month_costs(requests_a_second: int, entry: Entry) -> None:
    docs = (REPOSITORY / "docs" / "cost.md").read_text()
    requests = requests_a_second * 30 * 86400

    total = _total(Workload(requests, batch=1, entry=entry))

    assert f"| {requests / 1e6:,.0f} million | {total:,.0f} |" in docs


def test_a_function_url_takes_requests_for_nothing() -> None:
    assert _line(Workload(100_000_000, entry="function_url"), "HTTP API") == 0


@pytest.mark.parametrize("sink", SINKS)
def test_the_docs_say_what_a_sink_adds(sink: str) -> None:
    docs = " ".join((REPOSITORY / "docs" / "cost.md").read_text().split())
    adds = _total(Workload(100_000_000, sinks=(sink,))) - _total(Workload(100_000_000))

    said = docs.partition(f"`headwater cost --sinks {sink}`")[2]
    assert said.startswith(f") adds ${adds:.2f} to the 100 million events")


@pytest.mark.parametrize(
    ("option", "workload"),
    [
        ("--fan-out", Workload(100_000_000, fan_out=True)),
        ("--snapshots 1", Workload(100_000_000, snapshots=1)),
        ("--canary", Workload(100_000_000, canary=True)),
        ("--questions 1000", Workload(100_000_000, questions=1000)),
        ("--staged", Workload(100_000_000, staged=True)),
        ("--observability", Workload(100_000_000, observability=True)),
    ],
)
def test_the_docs_say_what_an_option_adds(option: str, workload: Workload) -> None:
    docs = " ".join((REPOSITORY / "docs" / "cost.md").read_text().split())
    adds = _total(workload) - _total(Workload(100_000_000))

    said = docs.partition(f"`headwater cost {option}`")[2]
    assert said.startswith(f") adds ${adds:.2f} to the 100 million events")


def test_each_shard_is_read_and_each_version_kept_at_its_own_charge() -> None:
    many = Workload(10_000_000_000, fan_out=True, snapshots=2)
    shard_hours = many.shards * 730 * read_prices()["kinesis"]["consumer_shard_hour"]

    assert _line(many, "Enhanced fan-out (Kinesis)") > shard_hours
    one, two = (_line(Workload(1, snapshots=n), "Snapshots (SnapStart)") for n in (1, 2))
    assert two - one == pytest.approx(11.62, abs=0.01)


def test_batching_saves_requests() -> None:
    assert Workload(100, batch=20).requests == 5
    assert Workload(101, batch=20).requests == 6


def test_never_commits_more_often_than_requests_come() -> None:
    assert Workload(60, batch=20).commits == 3


def test_commits_as_soon_as_a_payload_is_full() -> None:
    month = HOURS * 3600
    few, many = Workload(100 * month), Workload(10_000 * month)

    assert few.commits == HOURS * 60
    assert many.shards * HOURS * 60 < many.commits
    # Ten thousand a second are 500 requests of 7,167 bytes, at 6 MB a commit.
    assert many.commits / month == pytest.approx(500 * 7167 / (6 * 1024**2), rel=0.001)


def test_adds_shards_for_the_busiest_second() -> None:
    assert Workload(100_000_000).shards == 1
    assert Workload(5_000_000_000).shards > 1


def test_maintains_six_times_as_often_beside_many_shards() -> None:
    few, many = Workload(100), Workload(10_000_000_000)

    assert many.shards > 2
    assert _line(many, "Maintenance (Lambda)") == pytest.approx(
        6 * _line(few, "Maintenance (Lambda)")
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("7", 7),
        ("250k", 250_000),
        ("100M", 100_000_000),
        ("1.5B", 1_500_000_000),
        ("1_000", 1000),
    ],
)
def test_reads_a_count(text: str, count: int) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["", "many", "0", "-1", "5T", "1,000"])
def test_refuses_what_is_not_a_count(text: str) -> None:
    with pytest.raises(CountError, match="100M"):
        parse_count(text)


def test_every_price_says_when_it_was_looked_up() -> None:
    assert all("looked_up_on" in price for price in read_prices().values())


def test_a_poller_costs_its_task_its_metrics_and_its_alarms() -> None:
    prices = read_prices()
    task = 730 * (0.25 * prices["fargate"]["vcpu_hour"] + 0.5 * prices["fargate"]["gb_hour"])
    price = prices["cloudwatch"]
    watched = POLLER_METRICS * price["metric"] + 2 * price["alarm_metric"]

    with_two = _total(Workload(1_000_000, pollers=2))

    assert with_two - _total(Workload(1_000_000)) == pytest.approx(2 * (task + watched))


def test_counts_the_alarms_and_metrics_of_a_poller() -> None:
    alarms_tf = (REPOSITORY / "terraform/modules/monitoring/alarms.tf").read_text()
    telemetry = (REPOSITORY / "lambdas/poller/src/headwater_poller/telemetry.py").read_text()

    assert len(re.findall(r"alarm_name += .*\$\{each\.key\}\"", alarms_tf)) - 1 == POLLER_ALARMS
    assert telemetry.count(".add_metric(") == POLLER_METRICS


def test_counts_each_metric_that_a_stack_has_and_no_other() -> None:
    telemetry = (REPOSITORY / "lambdas/api/src/headwater_collector/telemetry.py").read_text()
    main_tf = (REPOSITORY / "terraform/modules/monitoring/main.tf").read_text()
    of_the_collector = re.findall(r'\.add_metric\("(\w+)"', telemetry)
    of_logs = re.findall(r"(?m)^    (\w+) += \{ pattern = ", main_tf)

    # They cost nothing in a month in which nothing of the kind happens.
    of_trouble = ("StreamFailures", "Covered", "Missing", "GivenUpBatches")
    assert sorted(METRICS + of_trouble) == sorted(of_the_collector + of_logs)


def test_only_mappings_of_sinks_count_their_events() -> None:
    modules = REPOSITORY / "terraform" / "modules"
    counting = [path for path in modules.rglob("*.tf") if '["EventCount"]' in path.read_text()]

    assert counting == [modules / "sinks" / "consumer" / "main.tf"]


def test_an_access_line_of_a_request_that_went_well_is_as_long_as_is_paid_for() -> None:
    answered = {
        "$context.requestId": "JKJaXmPLvHcESHA=",
        "$context.httpMethod": "OPTIONS",
        "$context.path": "/first-party/v1/batch",
        "$context.status": "200",
        "$context.responseLatency": "1234",
        "$context.integrationErrorMessage": "-",
    }
    api = (REPOSITORY / "terraform/modules/collector/api.tf").read_text()
    [logged] = re.findall(r'(?m)^    format = "(.+)"$', api)

    line = " ".join(answered[variable] for variable in logged.split())

    assert 50 < len(line) <= ACCESS_LINE_BYTES


def test_a_request_that_went_well_is_a_line_of_the_length_that_is_paid_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    telemetry = Telemetry(Logger(service="bill"), f"Headwater/{'n' * 20}")

    telemetry.report(Outcome(20, {}, 0, 1, Delivery(is_complete=True)))

    assert len(capsys.readouterr().out) <= METRICS_LINE_BYTES
