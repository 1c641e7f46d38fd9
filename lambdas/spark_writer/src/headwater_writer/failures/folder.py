"""A folder of an S3 bucket."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Folder:
    """What of a bucket has keys with a prefix; the prefix is empty, or ends with a slash."""

    client: "S3Client"
    bucket: str
    prefix: str

    @classmethod
    def at(cls, client: "S3Client", uri: str) -> "Folder":
        """Return the folder that ``s3://bucket/prefix`` names."""
        where = urlsplit(uri)
        path = where.path.strip("/")
        return cls(client, where.netloc, f"{path}/" if path else "")

    def put(self, key: str, body: bytes) -> str:
        """Write an object, over one of the same key, and return its URI.

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
        """Close the connections; the next object opens one again.

        A process that Lambda freezes does not see a connection die, and boto3, which keeps each
        until it fails, finds out by waiting for an answer.
        """
        self.client.close()
