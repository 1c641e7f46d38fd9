"""The on-failure destination: objects that wait, and where they are moved when they are done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

from botocore.exceptions import BotoCoreError, ClientError

from headwater_writer.replay.given_up import batch_of, reprocess
from headwater_writer.replay.outcome import Outcome
from headwater_writer.writer import Writer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


DONE: Final = "replayed_batches/"
"""The prefix to which an object is moved, with its key, when all its records are written."""


class ObjectError(Exception):
    """A batch could not be read from S3, or not moved; the text says why."""


@dataclass(frozen=True, slots=True)
class Destination:
    """The bucket of an on-failure destination."""

    client: "S3Client"
    bucket: str

    def waiting(self, prefix: str) -> Iterator[str]:
        """Yield the keys below a prefix that are still to be done, in order."""
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
            for found in page.get("Contents", []):
                if not found["Key"].startswith(DONE):
                    yield found["Key"]

    def reprocess(self, key: str, writer: Writer) -> Outcome:
        """Reprocess a batch, and move its object away if none of it fails.

        A missing object was done before: a notification may be delivered twice.

        Raises:
            NotABatchError: the object is something else; it stays.
            ObjectError: S3 failed.
            PublishError, TooManyFailingError: it cannot be written now; it stays.
        """
        try:
            return self._reprocess(key, writer)
        except (BotoCoreError, ClientError) as error:
            raise ObjectError(f"cannot read the object from S3: {error}") from error

    def _reprocess(self, key: str, writer: Writer) -> Outcome:
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=key)
        except self.client.exceptions.NoSuchKey:
            return Outcome()
        outcome = reprocess(batch_of(found["Body"].read()), writer)
        if not outcome.failing:
            self._move(key)
        return outcome

    def _move(self, key: str) -> None:
        # After a crash between the two, both are repeated; a second process finds the object gone.
        try:
            self.client.copy_object(
                Bucket=self.bucket,
                Key=DONE + key,
                CopySource={"Bucket": self.bucket, "Key": key},
            )
        except self.client.exceptions.NoSuchKey:
            return
        self.client.delete_object(Bucket=self.bucket, Key=key)


def created_objects(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield bucket and key of each object that a notification names.

    ``event`` has the shape of "Event message structure" in the Amazon S3 user guide, where keys are
    encoded as in a URL's query.

    Raises:
        KeyError: it is not such a notification.
    """
    for record in event["Records"]:
        yield record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])
