"""An invocation's records are cut into runs that can be written at once."""

from collections.abc import Iterator, Sequence
from typing import Final

from headwater_contract.stream_record import extent
from headwater_writer.decode import ReceivedRecord

ROW_BYTES: Final = 256
"""What a message counts beside its own bytes: a row of it takes some 2.4 KB in Python and Arrow, of
which eight times its share of the limit's bytes are there."""

FREE_TEXTS: Final = 256
"""Characters of an envelope that count nothing: an ordinary user agent. Longer ones are in each
row, and escaped once more in each failed record."""


def chunks(records: Sequence[ReceivedRecord], limit: int) -> Iterator[Sequence[ReceivedRecord]]:
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
    return taken.size + taken.entries * (ROW_BYTES + 2 * max(0, taken.texts - FREE_TEXTS))
