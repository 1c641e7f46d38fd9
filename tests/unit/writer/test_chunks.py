import gzip

from headwater_writer.chunks import chunks
from headwater_writer.decode import ReceivedRecord
from unit.writer.builders import SHARD

OTHER_SHARD = "clicks/shardId-000000000001"


def foreign(data: bytes) -> ReceivedRecord:
    return ReceivedRecord(SHARD, "7", data)


def lengths(records: list[ReceivedRecord], limit: int) -> list[int]:
    return [len(chunk) for chunk in chunks(records, limit)]


def test_cuts_nothing_where_all_fits() -> None:
    assert lengths([foreign(b"12345")] * 4, limit=20) == [4]


def test_cuts_where_the_next_would_not_fit() -> None:
    assert lengths([foreign(b"12345")] * 5, limit=14) == [2, 2, 1]


def test_puts_a_record_over_the_limit_alone() -> None:
    assert lengths([foreign(b"1"), foreign(b"12345"), foreign(b"1")], limit=3) == [1, 1, 1]


def test_cuts_between_shards() -> None:
    other = ReceivedRecord(OTHER_SHARD, "1", b"1")

    assert lengths([foreign(b"1"), other, other], limit=99) == [1, 2]


def test_cuts_by_what_records_unpack_to() -> None:
    assert lengths([foreign(gzip.compress(bytes(5000)))] * 3, limit=10_000) == [2, 1]


def test_cuts_nothing_out_of_nothing() -> None:
    assert lengths([], limit=1) == []
