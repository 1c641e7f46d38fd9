"""An invocation's records are cut into runs that can be written at once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from headwater_contract.stream_record import extent
from headwater_writer.decode import ReceivedRecord

ROW_BYTES: Final = 256
"""What a message counts beside its own bytes: a row of it takes some 2.4 KB in Python and Arrow, of
which eight times its share of the limit's bytes are there."""

COPIES: Final = 2
"""How often a record's own bytes count. A text that stands in three columns, as a query does, takes
up to 24 bytes for each of its own: one emoji makes Python keep all of it four bytes a character,
and Arrow has it twice while it sorts."""

FREE_ENVELOPE: Final = 512
"""Bytes of an envelope that count nothing: an ordinary one. More than that is in each row."""


def chunks(records: Iterable[ReceivedRecord], limit: int) -> Iterator[Sequence[ReceivedRecord]]:
    """Yield runs of records of one shard that weigh at most ``limit`` bytes, or of one record.

    A batch of 6 MB may unpack to a hundred, or to a million rows; what is written at once must fit
    in memory.
    """
    chunk: list[ReceivedRecord] = []
    weight = 0
    for record in records:
        own = _weight(record.data)
        if chunk and (weight + own > limit or record.shard != chunk[0].shard):
            yield chunk
            chunk, weight = [], 0
        chunk.append(record)
        weight += own
    if chunk:
        yield chunk


def _weight(data: bytes) -> int:
    taken = extent(data)
    row = ROW_BYTES + max(0, taken.envelope - FREE_ENVELOPE)
    return COPIES * taken.size + taken.entries * row
