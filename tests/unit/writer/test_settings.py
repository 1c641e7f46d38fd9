from datetime import timedelta
from pathlib import Path

import pytest

from headwater_writer.rows.rows import Rules
from headwater_writer.settings import Settings, SettingsError

REQUIRED = {
    "GLUE_DATABASE": "headwater",
    "WAREHOUSE": "s3://bucket/lake",
    "AWS_REGION": "eu-west-1",
    "JARS_DIR": "/opt/jars",
}


def test_reads_what_is_required_and_fills_in_the_rest() -> None:
    assert Settings.from_environment(REQUIRED) == Settings(
        database="headwater",
        warehouse="s3://bucket/lake",
        group="writer",
        region="eu-west-1",
        endpoint=None,
        jars=Path("/opt/jars"),
        cds_archive=None,
        rules=Rules(max_age=timedelta(days=30), ip_policy="full"),
        failed_records="s3://bucket",
        failures_topic=None,
    )


def test_reads_what_may_be_set() -> None:
    settings = Settings.from_environment(
        REQUIRED
        | {
            "CONSUMER_GROUP": "backfill",
            "MAX_EVENT_AGE_DAYS": "7",
            "IP_POLICY": "truncated",
            "CLASS_ARCHIVE": "/opt/writer.jsa",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
            "FAILED_RECORDS_PREFIX": "s3://another/folder",
            "FAILURES_TOPIC_ARN": "arn:aws:sns:eu-west-1:123456789012:failures",
            "TRACKING_PLAN": "s3://bucket/config/plan.yaml",
            "OFFERS_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/offers",
        }
    )

    assert settings.group == "backfill"
    assert settings.rules == Rules(max_age=timedelta(days=7), ip_policy="truncated")
    assert settings.cds_archive == Path("/opt/writer.jsa")
    assert settings.endpoint == "http://127.0.0.1:4566"
    assert settings.failed_records == "s3://another/folder"
    assert settings.failures_topic == "arn:aws:sns:eu-west-1:123456789012:failures"
    assert settings.tracking_plan == "s3://bucket/config/plan.yaml"
    assert settings.offers_queue == "https://sqs.eu-west-1.amazonaws.com/123456789012/offers"


def test_takes_a_warehouse_with_a_slash_at_its_end() -> None:
    settings = Settings.from_environment(REQUIRED | {"WAREHOUSE": "s3://bucket/lake/"})

    assert settings.warehouse == "s3://bucket/lake"


@pytest.mark.parametrize(
    ("warehouse", "folder"),
    [("s3://b", "s3://b"), ("s3://b/lake", "s3://b"), ("s3://b/sample/lake/", "s3://b/sample")],
)
def test_keeps_failed_records_beside_the_warehouse(warehouse: str, folder: str) -> None:
    assert Settings.from_environment(REQUIRED | {"WAREHOUSE": warehouse}).failed_records == folder


@pytest.mark.parametrize("uri", ["/tmp", "s3://", "https://bucket/folder"])  # noqa: S108
def test_says_where_failed_records_can_be_kept(uri: str) -> None:
    with pytest.raises(SettingsError, match=r"FAILED_RECORDS_PREFIX is .*: give one like s3://"):
        Settings.from_environment(REQUIRED | {"FAILED_RECORDS_PREFIX": uri})


def test_takes_an_empty_endpoint_for_aws_itself() -> None:
    assert Settings.from_environment(REQUIRED | {"AWS_ENDPOINT_URL": ""}).endpoint is None


def test_takes_an_empty_tracking_plan_for_none() -> None:
    assert Settings.from_environment(REQUIRED | {"TRACKING_PLAN": ""}).tracking_plan is None


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_names_a_variable_that_is_not_set(name: str) -> None:
    environment = {key: value for key, value in REQUIRED.items() if key != name}

    with pytest.raises(SettingsError, match=f"{name} is not set: the writer cannot start"):
        Settings.from_environment(environment)


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_takes_an_empty_variable_for_one_that_is_not_set(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is not set"):
        Settings.from_environment(REQUIRED | {name: ""})


@pytest.mark.parametrize("days", ["0", "3651", "-1", "1.5", "", "a week", "1e3"])
def test_says_which_ages_it_takes(days: str) -> None:
    with pytest.raises(SettingsError, match=r"MAX_EVENT_AGE_DAYS is '.*': give whole days from 1"):
        Settings.from_environment(REQUIRED | {"MAX_EVENT_AGE_DAYS": days})


@pytest.mark.parametrize("days", ["1", "3650"])
def test_takes_the_outermost_ages(days: str) -> None:
    settings = Settings.from_environment(REQUIRED | {"MAX_EVENT_AGE_DAYS": days})

    assert settings.rules.max_age == timedelta(days=int(days))


@pytest.mark.parametrize("policy", ["", "FULL", "hashed"])
def test_says_which_policies_it_takes(policy: str) -> None:
    sentence = "IP_POLICY is '.*': give one of full, truncated, none"

    with pytest.raises(SettingsError, match=sentence):
        Settings.from_environment(REQUIRED | {"IP_POLICY": policy})


def test_needs_to_be_told_if_batches_wait() -> None:
    told = REQUIRED | {"FAILED_BATCHES_PREFIX": "s3://bucket/aws/lambda/"}

    assert Settings.from_environment(told).failed_batches_uri == "s3://bucket/aws/lambda/"
    with pytest.raises(SettingsError, match="FAILED_BATCHES_PREFIX is not set"):
        _ = Settings.from_environment(REQUIRED).failed_batches_uri
    with pytest.raises(SettingsError, match="FAILED_BATCHES_PREFIX is 'bucket'"):
        Settings.from_environment(REQUIRED | {"FAILED_BATCHES_PREFIX": "bucket"})


def test_knows_how_long_the_stream_keeps_a_record() -> None:
    settings = Settings.from_environment(REQUIRED | {"STREAM_RETENTION_HOURS": "168"})

    assert settings.stream_retention == timedelta(days=7)


def test_takes_the_longest_retention_for_one_that_nobody_told() -> None:
    assert Settings.from_environment(REQUIRED).stream_retention == timedelta(days=365)


@pytest.mark.parametrize("hours", ["0", "23", "8761", "-24", "24.0", "a day", " "])
def test_refuses_a_retention_that_no_stream_has(hours: str) -> None:
    with pytest.raises(SettingsError, match="give that of the stream, whole hours from 24 to 8760"):
        Settings.from_environment(REQUIRED | {"STREAM_RETENTION_HOURS": hours})
