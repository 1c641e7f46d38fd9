"""An invocation's records are cut into runs that can be written at once."""

from collections.abc import Iterator, Sequence

from headwater_contract.stream_record import unpacked_size
from headwater_writer.decode import ReceivedRecord


def chunks(records: Sequence[ReceivedRecord], limit: int) -> Iterator[Sequence[ReceivedRecord]]:
    """Yield runs of records of one shard that unpack to at most ``limit`` bytes, or of one record.

    A batch of 6 MB may unpack to a hundred; what is written at once must fit in memory.
    """
    chunk: list[ReceivedRecord] = []
    size = 0
    for record in records:
        own = unpacked_size(record.data)
        if chunk and (size + own > limit or record.shard != chunk[0].shard):
            yield chunk
            chunk, size = [], 0
        chunk.append(record)
        size += own
    if chunk:
        yield chunk
