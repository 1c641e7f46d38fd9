"""Objects that the transformation writes itself, besides those that Firehose writes."""

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

from headwater_sinks.archive.firehose import Given

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

HOUR: Final = "%Y/%m/%d/%H/"
"""The folder of an hour (UTC), as Firehose names it by default."""

_LEVEL: Final = 6
_CONTENT_TYPE: Final = "application/gzip"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, the folder of the archive in it, and that of what was refused."""

    client: "S3Client"
    name: str
    archive: str
    refused: str


class Objects:
    """Lines that are compressed as they come, an object for each folder and hour.

    An object is named after the invocation's records: Firehose retries an invocation with the same
    ones, and then each object replaces itself.
    """

    def __init__(self, bucket: Bucket, given: Sequence[Given]) -> None:
        self._bucket = bucket
        self._name = f"{_digest(given)}.gz"
        self._open: dict[str, tuple[BytesIO, gzip.GzipFile]] = {}

    def add(self, folder: str, arrived_at: datetime, lines: Iterable[bytes]) -> None:
        """Add lines to the object of a folder and of the hour in which their record arrived."""
        for line in lines:
            key = f"{folder}{arrived_at:{HOUR}}{self._name}"
            self._opened(key).write(line)

    def write(self) -> None:
        """Write the objects.

        Raises:
            botocore.exceptions.ClientError: S3 refused; BotoCoreError: it did not answer.
        """
        for key, (data, compressed) in self._open.items():
            compressed.close()
            self._bucket.client.put_object(
                Bucket=self._bucket.name, Key=key, Body=data.getvalue(), ContentType=_CONTENT_TYPE
            )

    def _opened(self, key: str) -> gzip.GzipFile:
        if key not in self._open:
            data = BytesIO()
            self._open[key] = data, gzip.GzipFile("", "wb", _LEVEL, data, mtime=0)
        return self._open[key][1]


def _digest(given: Sequence[Given]) -> str:
    positions = [(each.record.shard, each.record.sequence) for each in given]
    return hashlib.sha256(repr(positions).encode()).hexdigest()[:32]
