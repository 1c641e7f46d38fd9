"""The AWS clients of what reports failures, and the folder of S3 that it writes to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from headwater_writer.failures.topic import NoTopic, SnsTopic, Topic
from headwater_writer.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


# A batch waits for these: better an early error than a late answer.
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


@dataclass(frozen=True, slots=True)
class Folder:
    """The objects of a bucket below a prefix, which is empty or ends with a slash."""

    client: "S3Client"
    bucket: str
    prefix: str

    @classmethod
    def at(cls, client: "S3Client", uri: str) -> "Folder":
        """Return the folder that ``s3://bucket/prefix`` names."""
        parts = urlsplit(uri)
        path = parts.path.strip("/")
        return cls(client, parts.netloc, f"{path}/" if path else "")

    def put(self, key: str, body: bytes) -> str:
        """Write an object, replacing one with the same key, and return its URI.

        Raises:
            botocore.exceptions.ClientError: S3 refused; BotoCoreError: it did not answer.
        """
        self.client.put_object(
            Bucket=self.bucket,
            Key=self.prefix + key,
            Body=body,
            ContentType="application/x-ndjson",
        )
        return f"s3://{self.bucket}/{self.prefix}{key}"

    def disconnect(self) -> None:
        """Close the connections; the next object opens another.

        A process that Lambda freezes does not see a connection die, and boto3, which keeps each
        until it fails, notices only by waiting for an answer.
        """
        self.client.close()
