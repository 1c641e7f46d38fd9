"""What was accepted and could not become a row, from the files that the writer keeps of it.

What the collector refused is on the stream as such, and not told again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from headwater_contract.kinesis_event import Position
from headwater_contract.times import parse_time
from headwater_local.tail.seen import Fate, Seen, kind_of
from headwater_writer.failures.lines import FOLDERS

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LISTED_SECONDS: Final = 5.0
"""How often the files are listed: S3 asks money for each time."""

_FOLDER: Final = FOLDERS["shape"]


class _Line(msgspec.Struct):
    """What of a line of ``headwater_writer.failures.lines`` is told."""

    failed_at: str
    stage: str
    reason: str
    app_id: str | None
    shard: str
    sequence: str
    index: int
    raw: str


_decode: Final = msgspec.json.Decoder(_Line).decode


@dataclass
class FailuresTail:
    """Follows the files of a bucket; ``since`` is in seconds since the Unix epoch."""

    client: "S3Client"
    bucket: str
    since: float
    _told: set[str] = field(default_factory=set)
    _listed_at: float = 0.0

    def read(self, now: float) -> Iterator[Seen]:
        """Yield what failed since the last time, if it is time to look; ``now`` as ``since``."""
        if now - self._listed_at < LISTED_SECONDS:
            return
        self._listed_at = now
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=f"{_FOLDER}/", StartAfter=f"{_FOLDER}/{self._first_day}"
        )
        for found in (found for page in pages for found in page.get("Contents", ())):
            key, is_new = found["Key"], found["LastModified"].timestamp() >= self.since
            if is_new and key not in self._told:
                yield from self._lines(key)
                self._told.add(key)

    @property
    def _first_day(self) -> str:
        """The first day of arrival that is looked at: messages may wait on the stream."""
        return f"{datetime.fromtimestamp(self.since, UTC) - timedelta(days=1):%Y-%m-%d}"

    def _lines(self, key: str) -> Iterator[Seen]:
        body = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        for line in map(_decode, body.splitlines()):
            position = Position(line.shard, line.sequence, line.index)
            at = parse_time(line.failed_at)
            reason = f"{line.stage}: {line.reason}"
            message_type, event_type = kind_of(line.raw.encode(), None)
            yield Seen(
                at,
                Fate.FAILED,
                position,
                line.app_id,
                message_type,
                event_type,
                reason=reason,
            )
