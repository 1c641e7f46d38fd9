"""The writer's settings, read once from its environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from headwater_contract.ip_policy import IpPolicy, ip_policy_of
from headwater_contract.limits import DEFAULT_MAX_AGE
from headwater_writer.rows.rows import Rules

LONGEST_RETENTION: Final = timedelta(days=365)
"""What Kinesis' retention can be set to at most ("IncreaseStreamRetentionPeriod", Kinesis API)."""


class SettingsError(ValueError):
    """An environment variable is missing or not valid; the text says which values it takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the deployer of the writer sets.

    ``warehouse`` is the URI under which every table has a folder of its name, ``group`` the
    consumer group whose progress is in the tables' ledgers, ``endpoint`` the address of the AWS
    stand-in, None for AWS itself. ``failed_records`` is the URI below which failed records are kept
    as files, ``failures_topic`` the ARN of the SNS topic for alerts about them, None for none.
    ``failed_batches`` is the URI below which batches that the mapping gave up on wait for a replay.
    ``backfill_folder`` is the one local folder that a backfill may read, None for none.
    ``tracking_plan`` is the path or the ``s3://`` URI of the tracking plan, None for none.
    ``stream_retention`` is how long the stream keeps a record. ``offers_queue`` is the URL of the
    SQS queue that commits are offered on in staged mode, None if the writer commits by itself.
    """

    database: str
    warehouse: str
    group: str
    region: str
    endpoint: str | None
    jars: Path
    cds_archive: Path | None
    rules: Rules
    failed_records: str
    failures_topic: str | None = None
    failed_batches: str | None = None
    backfill_folder: Path | None = None
    tracking_plan: str | None = None
    stream_retention: timedelta = LONGEST_RETENTION
    offers_queue: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings.

        Raises:
            SettingsError: a variable is missing or not valid.
        """
        warehouse = _required(environment, "WAREHOUSE").rstrip("/")
        return cls(
            database=_required(environment, "GLUE_DATABASE"),
            warehouse=warehouse,
            group=environment.get("CONSUMER_GROUP", "writer"),
            region=_required(environment, "AWS_REGION"),
            endpoint=environment.get("AWS_ENDPOINT_URL") or None,
            jars=Path(_required(environment, "JARS_DIR")),
            cds_archive=_path(environment, "CLASS_ARCHIVE"),
            rules=Rules(
                max_age=timedelta(days=_days(environment)), ip_policy=_ip_policy(environment)
            ),
            failed_records=_failed_records(environment, warehouse),
            failures_topic=environment.get("FAILURES_TOPIC_ARN") or None,
            failed_batches=_failed_batches(environment),
            backfill_folder=_path(environment, "BACKFILL_FOLDER"),
            tracking_plan=environment.get("TRACKING_PLAN") or None,
            stream_retention=_stream_retention(environment),
            offers_queue=environment.get("OFFERS_QUEUE_URL") or None,
        )

    @property
    def failed_batches_uri(self) -> str:
        """The URI below which batches that the mapping gave up on wait.

        Raises:
            SettingsError: the environment does not name it.
        """
        if self.failed_batches is None:
            raise SettingsError(
                "FAILED_BATCHES_PREFIX is not set: give the URI below which batches wait"
            )
        return self.failed_batches


_S3_URI: Final = re.compile(r"s3://[^/]+(/.*)?")


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise SettingsError(f"{name} is not set: the writer cannot start without it")
    return value


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name)
    return Path(text) if text else None


def _failed_records(environment: Mapping[str, str], warehouse: str) -> str:
    text = environment.get("FAILED_RECORDS_PREFIX") or _parent(warehouse)
    if not _S3_URI.fullmatch(text):
        raise SettingsError(f"FAILED_RECORDS_PREFIX is {text!r}: give one like s3://bucket/folder")
    return text


def _failed_batches(environment: Mapping[str, str]) -> str | None:
    text = environment.get("FAILED_BATCHES_PREFIX")
    if text and not _S3_URI.fullmatch(text):
        raise SettingsError(f"FAILED_BATCHES_PREFIX is {text!r}: give one like s3://bucket/folder/")
    return text or None


def _parent(uri: str) -> str:
    scheme, _, path = uri.partition("://")
    bucket, *folders = path.split("/")
    return f"{scheme}://{'/'.join([bucket, *folders[:-1]])}"


def _days(environment: Mapping[str, str]) -> int:
    text = environment.get("MAX_EVENT_AGE_DAYS", str(DEFAULT_MAX_AGE.days))
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise SettingsError(f"MAX_EVENT_AGE_DAYS is {text!r}: give whole days from 1 to 3650")
    return int(text)


def _stream_retention(environment: Mapping[str, str]) -> timedelta:
    text = environment.get("STREAM_RETENTION_HOURS")
    if not text:
        return LONGEST_RETENTION
    if not text.isdecimal() or not 24 <= int(text) <= 8760:
        raise SettingsError(
            f"STREAM_RETENTION_HOURS is {text!r}: give that of the stream, whole hours from 24 to "
            "8760"
        )
    return timedelta(hours=int(text))


def _ip_policy(environment: Mapping[str, str]) -> IpPolicy:
    try:
        return ip_policy_of(environment.get("IP_POLICY", "full"))
    except ValueError as error:
        raise SettingsError(str(error)) from error
