"""Rules and dashboards of docs/observability ask for what there is."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from headwater_local.metrics.vocabulary import VOCABULARY, Kind

FOLDER = Path(__file__).parents[3] / "docs" / "observability"
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text())
LOGS: dict[str, Any] = json.loads((FOLDER / "logs.json").read_text())
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "rules.yaml").read_text())["groups"][0][
    "rules"
]
RULES_TESTS = (FOLDER / "rules_test.yaml").read_text()
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
SERIES = {
    name
    for metric in VOCABULARY
    for name in (
        [f"{metric.name}_{end}" for end in ("bucket", "count", "sum")]
        if metric.kind is Kind.HISTOGRAM
        else [metric.name]
    )
}


COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
PROMETHEUS: dict[str, Any] = yaml.safe_load((FOLDER / "prometheus.yaml").read_text())
YACE: dict[str, Any] = yaml.safe_load((FOLDER / "yace.yaml").read_text())


def _asked() -> Iterator[str]:
    yield from (rule["expr"] for rule in RULES)
    yield from (target["expr"] for panel in PANELS for target in panel["targets"])


def test_every_series_that_is_asked_for_is_of_the_vocabulary() -> None:
    named = {name for each in _asked() for name in re.findall(r"\bheadwater_\w+", each)}

    assert named - SERIES == set()


def metrics_of_yace() -> Iterator[tuple[str, str]]:
    """Yield what YACE calls each metric of a stack, and what it is called without the stack."""
    [namespace] = YACE["customNamespace"]
    for metric in namespace["metrics"]:
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", metric["name"]).lower()
        for statistic in metric.get("statistics", namespace["statistics"]):
            yield f"aws_headwater_sample_{name}_{statistic.lower()}", f"cloudwatch_{name}"


def relabels_of_yace() -> list[dict[str, Any]]:
    """Return what Prometheus does to the names of YACE."""
    [scrape] = [job for job in PROMETHEUS["scrape_configs"] if job["job_name"] == "cloudwatch"]
    relabels: list[dict[str, Any]] = scrape["metric_relabel_configs"]
    return relabels


def test_prometheus_takes_the_stacks_name_out_of_each_metric_of_yace() -> None:
    [rule] = relabels_of_yace()

    for name, wanted in metrics_of_yace():
        found = re.fullmatch(rule["regex"], name)
        assert found
        assert rule["replacement"].replace("$1", found[1]) == wanted


def test_the_dashboard_shows_each_metric_that_yace_is_paid_for_and_no_other() -> None:
    shown = {name for each in _asked() for name in re.findall(r"\bcloudwatch_\w+", each)}

    assert shown == {name for _, name in metrics_of_yace()}


def test_dashboards_of_one_grafana_have_ids_of_their_own() -> None:
    questions = json.loads((FOLDER.parent / "grafana" / "headwater.json").read_text())
    dashboards = (DASHBOARD, LOGS, questions)

    assert len({each["uid"] for each in dashboards}) == len(dashboards)
    assert len({each["title"] for each in dashboards}) == len(dashboards)


def test_logs_are_asked_for_by_the_labels_that_alloy_gives_them() -> None:
    config = (FOLDER / "config.alloy").read_text()
    [given] = re.findall(r"stage\.labels \{\s+values = \{(.+)\}", config)
    queries = " ".join(target["expr"] for panel in LOGS["panels"] for target in panel["targets"])

    assert {*re.findall(r"(\w+)=~", queries)} == {*re.findall(r"(\w+) =", given)}


@pytest.mark.parametrize("dashboard", [DASHBOARD, LOGS], ids=lambda dashboard: dashboard["title"])
def test_a_dashboard_asks_a_data_source_that_grafana_is_given(dashboard: dict[str, Any]) -> None:
    sources = yaml.safe_load((FOLDER / "grafana" / "datasources" / "headwater.yaml").read_text())
    [variable] = dashboard["templating"]["list"]

    assert variable["query"] in {source["type"] for source in sources["datasources"]}
    assert {
        panel["datasource"]["type"] for panel in dashboard["panels"] if "datasource" in panel
    } == {variable["query"]}


def test_each_name_that_a_data_source_is_read_from_is_set() -> None:
    sources = (FOLDER / "grafana" / "datasources" / "headwater.yaml").read_text()

    names = {*re.findall(r"\$(\w+)", sources)}
    assert names
    assert names <= COMPOSE["services"]["grafana"]["environment"].keys()


def test_the_dashboard_shows_every_metric() -> None:
    shown = " ".join(target["expr"] for panel in PANELS for target in panel["targets"])

    assert [metric.name for metric in VOCABULARY if metric.name not in shown] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    told = rule["annotations"]

    assert told["summary"].endswith(".")
    assert re.match(r"[A-Z][a-z]+ ", told["action"])


def test_the_rules_tests_make_each_alert_fire() -> None:
    fired = set(re.findall(r'alertname="(\w+)"', RULES_TESTS))

    assert fired == {rule["alert"] for rule in RULES}


def test_each_alert_is_quiet_on_a_route_that_is_well_and_has_all_its_series() -> None:
    well = yaml.safe_load(RULES_TESTS)["tests"][0]
    given = {each["series"].partition("{")[0] for each in well["input_series"]}
    asked = {name for rule in RULES for name in re.findall(r"\bheadwater_\w+", rule["expr"])}

    assert {each["alertname"] for each in well["alert_rule_test"]} == {
        rule["alert"] for rule in RULES
    }
    assert given == asked


@pytest.mark.parametrize("dashboard", [DASHBOARD, LOGS], ids=lambda dashboard: dashboard["title"])
def test_panels_have_places_of_their_own_within_the_grid(dashboard: dict[str, Any]) -> None:
    taken = [
        (x, y)
        for panel in dashboard["panels"]
        for place in (panel["gridPos"],)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert max(x for x, _ in taken) == 23
    assert len(taken) == len({*taken})
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_no_service_opens_a_port(name: str) -> None:
    service = COMPOSE["services"][name]
    addresses = {
        "grafana": str(service.get("environment")),
        "loki": (FOLDER / "loki.yaml").read_text(),
    }

    assert "ports" not in service
    assert "127.0.0.1" in addresses.get(name, str(service.get("command")))


def test_alloy_keeps_nothing_and_so_reads_the_logs_anew_when_it_starts() -> None:
    alloy = COMPOSE["services"]["alloy"]
    [storage] = re.findall(r"--storage\.path=(\S+)", " ".join(alloy["command"]))

    assert alloy["tmpfs"] == [storage]
    assert not any(storage in mount for mount in alloy["volumes"])


def test_grafana_has_no_password_until_one_is_chosen() -> None:
    settings = COMPOSE["services"]["grafana"]["environment"]

    assert settings["GF_SECURITY_ADMIN_PASSWORD"].startswith("${GRAFANA_PASSWORD:?")


def test_every_file_that_a_container_reads_is_there() -> None:
    mounts = [
        mount.partition(":")[0]
        for service in COMPOSE["services"].values()
        for mount in service["volumes"]
        if mount.startswith("./")
    ]

    assert [mount for mount in mounts if not (FOLDER / mount).exists()] == []
