"""The stream that records are read from: its port and its vocabulary."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class StreamError(Exception):
    """The stream did not answer for now: throttled, not there yet, not to be reached.

    The same call may be made again, later.
    """


@dataclass(frozen=True, slots=True)
class Record:
    """One stream record. ``arrived_at`` is in seconds since the Unix epoch."""

    sequence_number: str
    partition_key: str
    data: bytes
    arrived_at: float


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard and those it was split or merged from (none, one or two)."""

    shard_id: str
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrimHorizon:
    """Before the oldest record that the shard still has."""


@dataclass(frozen=True, slots=True)
class AtTimestamp:
    """Before the first record that arrived at this second or later."""

    seconds: float


@dataclass(frozen=True, slots=True)
class AfterSequence:
    """Right after the record of this sequence number."""

    sequence_number: str


Position = TrimHorizon | AtTimestamp | AfterSequence
"""A position in a shard that means the same after a restart, unlike an iterator."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What one read brought.

    ``records`` are in sequence order and may be empty although more follow:
    ``millis_behind`` tells. ``next_position`` is where to continue. ``closed``
    says that the shard was split or merged and has nothing after this.
    """

    records: tuple[Record, ...]
    next_position: Position
    closed: bool
    millis_behind: int


class Stream(Protocol):
    """A Kinesis data stream, or what stands in for one."""

    def shards(self) -> Sequence[Shard]:
        """Return all shards that still hold records, open and closed.

        Raises:
            StreamError: try again later.
        """
        ...

    def read(self, shard_id: str, position: Position, limit: int) -> ReadResult:
        """Return up to ``limit`` records (1 to 10,000) of one shard from a position on.

        Raises:
            StreamError: try again later.
        """
        ...
