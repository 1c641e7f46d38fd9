import gzip

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import extent, pack
from headwater_writer.chunks import COPIES, ROW_BYTES, chunks
from unit.writer.builders import RECEIVED, SHARD

OTHER_SHARD = "clicks/shardId-000000000001"


def foreign(data: bytes) -> ReceivedRecord:
    return ReceivedRecord(SHARD, "7", data)


def lengths(records: list[ReceivedRecord], limit: int) -> list[int]:
    return [len(chunk) for chunk in chunks(records, limit)]


def test_cuts_nothing_if_all_fits() -> None:
    assert lengths([foreign(b"12345")] * 4, limit=4 * (COPIES * 5 + ROW_BYTES)) == [4]


def test_cuts_if_the_next_would_not_fit() -> None:
    assert lengths([foreign(b"12345")] * 5, limit=3 * (COPIES * 5 + ROW_BYTES) - 1) == [2, 2, 1]


def test_puts_a_record_over_the_limit_alone() -> None:
    assert lengths([foreign(b"1"), foreign(b"12345"), foreign(b"1")], limit=3) == [1, 1, 1]


def packed(messages: int, user_agent: str = "curl") -> ReceivedRecord:
    envelope = Envelope(RECEIVED, "shop", user_agent=user_agent)
    [data] = pack(envelope, [Entry(b"1", refusal="refused")] * messages)
    return ReceivedRecord(SHARD, "7", data)


def test_counts_messages_though_they_take_next_to_no_bytes() -> None:
    assert len(packed(2_500).data) < 2_000
    assert lengths([packed(2_500)] * 10, limit=32 * 2**20) == [10]
    assert lengths([packed(2_500)] * 147, limit=32 * 2**20) == [41, 41, 41, 24]


def test_counts_texts_that_every_row_repeats() -> None:
    long = packed(2_500, user_agent="x" * 2_048)
    escaped_in_failed_records = packed(1_250, user_agent="\u00ff" * 2_048)

    assert lengths([long] * 8, limit=32 * 2**20) == [3, 3, 2]
    assert lengths([escaped_in_failed_records] * 3, limit=32 * 2**20) == [1, 1, 1]


def test_finds_the_header_of_a_record_however_long_it_is() -> None:
    taken = extent(packed(2_500).data)

    assert taken.entries == 2_500


def test_cuts_between_shards() -> None:
    other = ReceivedRecord(OTHER_SHARD, "1", b"1")

    assert lengths([foreign(b"1"), other, other], limit=9999) == [1, 2]


def test_cuts_by_what_records_unpack_to() -> None:
    assert lengths([foreign(gzip.compress(bytes(5000)))] * 3, limit=20_600) == [2, 1]


def test_cuts_nothing_out_of_nothing() -> None:
    assert lengths([], limit=1) == []
