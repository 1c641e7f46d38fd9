"""A bucket in memory, and what is in it."""

import gzip
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from headwater_sinks.archive.objects import Bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ARCHIVE = "archive/"
REFUSED = "archive-errors/refused/"


class MemoryBucket:
    """Keeps objects by key; the next puts fail as often as it is told."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.failures = 0

    @property
    def bucket(self) -> Bucket:
        """The bucket as the transformation knows it."""
        return Bucket(cast("S3Client", self), "bucket", ARCHIVE, REFUSED)

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803 -- boto3's names
        """Write an object as S3 does."""
        assert (Bucket, ContentType) == ("bucket", "application/gzip")
        self.put(Key, Body)

    def put(self, key: str, body: bytes) -> None:
        """Write an object."""
        if self.failures:
            self.failures -= 1
            raise ConnectionError("S3 is down")
        self.objects[key] = body

    def lines(self, prefix: str) -> list[Mapping[str, Any]]:
        """Return the lines of all objects below a prefix."""
        return [
            json.loads(line)
            for key, body in self.objects.items()
            if key.startswith(prefix)
            for line in gzip.decompress(body).splitlines()
        ]
