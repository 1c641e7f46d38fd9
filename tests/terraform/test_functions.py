"""The functions of whole stacks: what each is told, may do, and is invoked by."""

import json
import re

import pytest

from headwater_contract.canary import CANARY_APP
from terraform.command import REPOSITORY, needs_terraform
from terraform.made import Json, of_kind

UNRESERVED = -1
WRITER, COMMITTER = "sample-writer", "sample-committer"
MAINTENANCE, REPLAY = "sample-maintenance", "sample-replay"
OF_THE_IMAGE = (WRITER, COMMITTER, MAINTENANCE, REPLAY)

MODULE = r'(?ms)^module "\w+" \{.*?^\}'

pytestmark = needs_terraform


@pytest.fixture
def behind_api(made: list[Json]) -> Json:
    return made[0]


@pytest.fixture
def behind_url(made: list[Json]) -> Json:
    return made[1]


@pytest.fixture
def in_small_account(made: list[Json]) -> Json:
    return made[2]


def _functions(stack: Json) -> dict[str, Json]:
    return of_kind(stack, "aws_lambda_function", "function_name")


def _environment(stack: Json, name: str) -> dict[str, str]:
    [environment] = _functions(stack)[name]["environment"]
    variables: dict[str, str] = environment["variables"]
    return variables


def _edge_secret(stack: Json) -> str:
    """Return what the distribution adds to the requests that it passes on."""
    [distribution] = of_kind(stack, "aws_cloudfront_distribution", "comment").values()
    [secret] = [h["value"] for origin in distribution["origin"] for h in origin["custom_header"]]
    return str(secret)


def _concurrency(stack: Json) -> dict[str, int]:
    return {
        name: function["reserved_concurrent_executions"]
        for name, function in _functions(stack).items()
        if name in OF_THE_IMAGE
    }


def test_the_collector_is_told_what_its_settings_read(behind_api: Json) -> None:
    assert _environment(behind_api, "sample-collector") == {
        "STREAM_NAME": "sample-events",
        "ALLOWED_ORIGINS": "https://example.com,https://shop.example.com",
        "WRITE_KEYS": '{"demo":"demo","headwater-canary":"headwater-canary","key":"website"}',
        "IMPORT_KEYS": '{"history":"website"}',
        "PATH_PREFIX": "/first-party",
        "CAPTURE_HEADERS": '{"*":["dnt"]}',
        "TRUST_CLOUDFRONT": "true",
        "EDGE_SECRET": _edge_secret(behind_api),
        "GPC_POLICY": "keep",
        "POWERTOOLS_METRICS_NAMESPACE": "Headwater/sample",
    }


def test_the_functions_of_the_image_are_told_what_their_settings_read(behind_api: Json) -> None:
    told = {name: _environment(behind_api, name) for name in OF_THE_IMAGE}

    bucket = "s3://sample-data-123456789012-eu-west-1"
    plan = told[WRITER]["TRACKING_PLAN"]
    queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/sample-committer-offers"
    shared = {
        "GLUE_DATABASE": "sample",
        "WAREHOUSE": f"{bucket}/lake",
        "CONSUMER_GROUP": "writer",
        "MAX_EVENT_AGE_DAYS": "30",
        "IP_POLICY": "truncated",
        "FAILED_RECORDS_PREFIX": bucket,
        "FAILURES_TOPIC_ARN": "arn:aws:sns:eu-west-1:123456789012:sample-failures",
        "TRACKING_PLAN": plan,
    }
    assert plan.startswith(f"{bucket}/tracking_plans/")
    assert told == {
        WRITER: {**shared, "OFFERS_QUEUE_URL": queue},
        COMMITTER: shared,
        MAINTENANCE: {**shared, "STREAM_RETENTION_HOURS": "168"},
        REPLAY: {**shared, "FAILED_BATCHES_PREFIX": f"{bucket}/aws/lambda/"},
    }


def test_each_function_of_the_image_runs_its_own_handler(behind_api: Json) -> None:
    functions = _functions(behind_api)

    assert {name: functions[name]["image_config"] for name in OF_THE_IMAGE if name != WRITER} == {
        f"sample-{door}": [
            {
                "command": [f"headwater_writer.functions.{door}.handler"],
                "entry_point": None,
                "working_directory": None,
            }
        ]
        for door in ("committer", "maintenance", "replay")
    }
    assert functions[WRITER]["image_config"] == []  # The image's own is the writer's.


def test_each_function_has_the_time_that_it_needs(behind_api: Json) -> None:
    functions = _functions(behind_api)

    assert {name: function["timeout"] for name, function in functions.items()} == {
        "sample-archive": 300,
        "sample-canary": 290,
        "sample-collector": 15,
        "sample-history": 300,
        "sample-history-api": 25,
        "sample-reports": 29,
        "sample-counts": 300,
        WRITER: 300,
        COMMITTER: 120,
        MAINTENANCE: 900,
        REPLAY: 900,
    }


def test_every_role_is_as_the_organization_asks(in_small_account: Json) -> None:
    roles = of_kind(in_small_account, "aws_iam_role", "name")

    assert {(role["path"], role["permissions_boundary"]) for role in roles.values()} == {
        ("/analytics/", "arn:aws:iam::123456789012:policy/bound")
    }


def test_maintenance_has_room_to_sort_in(behind_api: Json) -> None:
    functions = _functions(behind_api)

    assert {name: functions[name]["ephemeral_storage"][0]["size"] for name in OF_THE_IMAGE} == {
        WRITER: 512,
        COMMITTER: 512,
        MAINTENANCE: 4096,
        REPLAY: 512,
    }


def test_writers_are_as_many_as_resharding_makes_shards(
    behind_api: Json, behind_url: Json, in_small_account: Json
) -> None:
    assert _concurrency(behind_api) == {WRITER: 6, COMMITTER: 2, MAINTENANCE: 2, REPLAY: 2}
    assert _concurrency(behind_url) == {WRITER: UNRESERVED, REPLAY: 2}
    assert _concurrency(in_small_account) == dict.fromkeys(
        (WRITER, MAINTENANCE, REPLAY), UNRESERVED
    )


def test_strangers_take_no_more_than_the_collector_is_given(
    behind_api: Json, in_small_account: Json
) -> None:
    reserved = [
        _functions(stack)["sample-collector"]["reserved_concurrent_executions"]
        for stack in (behind_api, in_small_account)
    ]

    assert reserved == [50, UNRESERVED]


def test_only_the_counts_are_in_a_vpc(behind_api: Json) -> None:
    inside = {name for name, each in _functions(behind_api).items() if each["vpc_config"]}

    assert inside == {"sample-counts"}


def test_the_archive_is_told_where_to_write_and_what_to_keep(behind_api: Json) -> None:
    assert _environment(behind_api, "sample-archive") == {
        "ARCHIVE_BUCKET": "sample-raw-123456789012-eu-west-1",
        "ARCHIVE_PREFIX": "archive/",
        "REFUSED_PREFIX": "archive-errors/refused/",
        "IP_POLICY": "truncated",
    }


def test_every_function_is_traced_if_that_is_asked_for(behind_api: Json, behind_url: Json) -> None:
    assert _tracing(behind_api) == {"PassThrough"}
    assert _tracing(behind_url) == {"Active"}


def _tracing(stack: Json) -> set[str]:
    return {
        each["mode"]
        for function in _functions(stack).values()
        for each in function["tracing_config"]
    }


def test_every_module_of_a_function_hands_the_switch_on() -> None:
    modules = REPOSITORY / "terraform" / "modules"
    texts = {path: path.read_text() for path in modules.rglob("*.tf")}
    blocks = [block for text in texts.values() for block in re.findall(MODULE, text)]
    callers = [block for block in blocks if re.search(r'source = ".*(/function|/consumer)"', block)]
    root = re.findall(MODULE, (REPOSITORY / "terraform" / "main.tf").read_text())
    switched = {path.parent.name for path, text in texts.items() if 'variable "tracing"' in text}

    assert len(callers) >= 10
    assert [block for block in callers if not re.search(r"tracing += var\.tracing", block)] == []
    handed = [re.findall(r'source = "(.+)"', each) for each in root if "monitoring.tracing" in each]
    assert {path.rpartition("/")[2] for [path] in handed} == switched - {"function", "consumer"}


def test_the_canary_is_told_where_to_send_and_where_to_look(behind_api: Json) -> None:
    assert _environment(behind_api, "sample-canary") == {
        "API_URL": "https://mocked.execute-api.eu-west-1.amazonaws.com/first-party",
        "ATHENA_WORKGROUP": "sample",
        "GLUE_DATABASE": "sample",
        "POWERTOOLS_METRICS_NAMESPACE": "Headwater/sample",
    }


def test_there_is_a_canary_only_if_it_is_asked_for(behind_url: Json) -> None:
    assert "sample-canary" not in _functions(behind_url)
    assert "sample-canary-loss" not in of_kind(
        behind_url, "aws_cloudwatch_metric_alarm", "alarm_name"
    )
    assert _environment(behind_url, "sample-collector")["WRITE_KEYS"] == "{}"


def test_the_canarys_key_is_the_app_that_no_question_counts(behind_api: Json) -> None:
    keys = json.loads(_environment(behind_api, "sample-collector")["WRITE_KEYS"])

    assert keys[CANARY_APP] == CANARY_APP


def test_schedules_start_what_is_due(behind_api: Json) -> None:
    rules = of_kind(behind_api, "aws_cloudwatch_event_rule", "name")
    targets = of_kind(behind_api, "aws_cloudwatch_event_target", "rule")

    assert {
        name: (rule["schedule_expression"], json.loads(targets[name]["input"] or "null"))
        for name, rule in rules.items()
    } == {
        MAINTENANCE: ("rate(10 minutes)", {}),
        REPLAY: ("rate(1 hour)", {"given_up": {"alarm": True}}),
        "sample-poller-weblogs": ("rate(15 minutes)", None),
        "sample-canary": ("rate(5 minutes)", {}),
        "sample-cluster": ("rate(5 minutes)", {"writes": False}),
    }


def test_tables_of_few_commits_are_maintained_every_hour(in_small_account: Json) -> None:
    rules = of_kind(in_small_account, "aws_cloudwatch_event_rule", "name")

    assert rules[MAINTENANCE]["schedule_expression"] == "rate(1 hour)"


def test_lambda_repeats_no_run_that_the_schedule_repeats(behind_api: Json) -> None:
    kind = "aws_lambda_function_event_invoke_config"
    asynchronous = of_kind(behind_api, kind, "function_name")

    assert {
        name: (each["maximum_retry_attempts"], each["maximum_event_age_in_seconds"])
        for name, each in asynchronous.items()
    } == {MAINTENANCE: (0, 3600), REPLAY: (0, 21600), "sample-canary": (0, 60)}


def test_nothing_is_maintained_without_a_schedule(behind_url: Json) -> None:
    assert MAINTENANCE not in _functions(behind_url)
    assert MAINTENANCE not in of_kind(behind_url, "aws_cloudwatch_event_rule", "name")
    assert f"{MAINTENANCE}-eu-west-1" not in of_kind(behind_url, "aws_iam_role", "name")


def test_only_the_writer_starts_from_a_snapshot(behind_url: Json) -> None:
    functions = _functions(behind_url)

    # Replay is of the same image, starts now and then, and is invoked unqualified.
    published = {name for name, function in functions.items() if function["publish"]}
    assert published == {WRITER}
    assert [bool(functions[name]["snap_start"]) for name in (WRITER, REPLAY)] == [True, False]
