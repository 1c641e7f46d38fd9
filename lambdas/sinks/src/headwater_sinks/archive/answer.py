"""The answer of an invocation, which Lambda takes up to a size."""

import base64
from typing import Final

from headwater_sinks.archive.firehose import answered

MAX_ANSWER_BYTES: Final = 6 * 1024 * 1024
"""Of a synchronous answer, as JSON ("Lambda quotas", AWS Lambda developer guide)."""

_RECORD_BYTES: Final = 512
"""What a record takes besides its data: its id, which Firehose makes of shard, sequence number and
more, the result and the names."""


class Answer:
    """The records that are answered: with their lines as long as all fit, else as dropped.

    Every record must be answered, or Firehose takes it for failed: ``records`` have room already.
    """

    def __init__(self, records: int) -> None:
        self.records: list[dict[str, str]] = []
        self._room = MAX_ANSWER_BYTES - records * _RECORD_BYTES

    def takes(self, size: int) -> bool:
        """Return whether lines of so many bytes still fit, encoded as base64."""
        return _encoded(size) <= self._room

    def add(self, record_id: str, lines: bytes) -> None:
        """Answer a record with its lines; without any, it is dropped."""
        self._room -= _encoded(len(lines))
        data = base64.b64encode(lines).decode()
        self.records.append(answered(record_id, "Ok" if lines else "Dropped", data))


def _encoded(size: int) -> int:
    return (size + 2) // 3 * 4
