"""The AWS clients of what reports failures, from the writer's settings."""

from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

from headwater_writer.failures.topic import NoTopic, SnsTopic, Topic
from headwater_writer.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# A batch waits for these: rather an error soon than an answer late.
_CONFIG: Final = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}
)


def s3(settings: Settings) -> "S3Client":
    """Return a client for S3."""
    return boto3.client(
        "s3", region_name=settings.region, endpoint_url=settings.endpoint, config=_CONFIG
    )


def topic(settings: Settings) -> Topic:
    """Return the topic that the settings name."""
    if settings.failures_topic is None:
        return NoTopic()
    client = boto3.client(
        "sns", region_name=settings.region, endpoint_url=settings.endpoint, config=_CONFIG
    )
    return SnsTopic(client, settings.failures_topic)
