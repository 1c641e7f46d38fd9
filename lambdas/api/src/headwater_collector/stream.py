"""The stream, as the collector needs it; and one in memory."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """What one stream record holds; the partition key has at most 256 characters."""

    data: bytes
    partition_key: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that the stream did not confirm, and its name of the reason.

    ``is_throttled``: the stream works, and takes no more at the moment.
    """

    record: Record
    reason: str
    is_throttled: bool = False


class Stream(Protocol):
    """Where records become durable."""

    def put(self, records: Sequence[Record]) -> Sequence[Rejection]:
        """Put records on the stream and return those that it did not confirm; never raises."""


class MemoryStream:
    """A stream that keeps its records in a list.

    ``outages`` gives, for each call of ``put``, the positions of the records that it rejects;
    after the last it takes everything. Those of ``throttled`` are throttled.
    """

    def __init__(
        self, outages: Iterable[Collection[int]] = (), throttled: Collection[int] = ()
    ) -> None:
        self.records: list[Record] = []
        self._outages = iter(outages)
        self._throttled = throttled

    def put(self, records: Sequence[Record]) -> Sequence[Rejection]:
        """Keep the records, but for those that this call is to reject."""
        rejected = next(self._outages, ())
        self.records += [each for index, each in enumerate(records) if index not in rejected]
        return [
            Rejection(records[index], "Outage", is_throttled=index in self._throttled)
            for index in rejected
        ]
