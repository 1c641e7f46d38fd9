"""What can be told about the reading of one shard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShardStatus:
    """What can be told about a shard. Times are in epoch seconds, 0.0 for never.

    ``records_waiting`` were read and are neither done nor given up on; ``failures`` counts
    the failed invocations since the last success.
    """

    checkpoint: str | None = None
    millis_behind: int = 0
    records_waiting: int = 0
    last_batch_records: int = 0
    last_batch_at: float = 0.0
    failures: int = 0
    discarded_records: int = 0
