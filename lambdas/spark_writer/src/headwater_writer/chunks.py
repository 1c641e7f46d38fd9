"""Stream records in chunks, each of which the writer has the memory to write at once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from headwater_contract.kinesis_event import ReceivedRecord, cut
from headwater_contract.stream_record import extent

ROW_BYTES: Final = 256
"""What a message weighs beside its own bytes: its row takes some 2.4 KB in Python and Arrow, and
for each byte of the limit there are about eight of memory."""

COPIES: Final = 2
"""How often a record's own bytes count. A text that is in three columns, as a query is, takes up to
24 bytes for each of its own: one emoji makes Python store all of it with four bytes a character,
and Arrow has it twice while it sorts."""

FREE_ENVELOPE: Final = 512
"""Bytes of an envelope that weigh nothing, as an ordinary one has. What is beyond is in each
row."""


def chunks(records: Iterable[ReceivedRecord], limit: int) -> Iterator[Sequence[ReceivedRecord]]:
    """Yield runs of records of one shard that weigh at most ``limit`` bytes, or of one record."""
    return cut(records, _weight, limit)


def _weight(data: bytes) -> int:
    taken = extent(data)
    row = ROW_BYTES + COPIES * max(0, taken.envelope - FREE_ENVELOPE)
    return COPIES * taken.size + taken.entries * row
