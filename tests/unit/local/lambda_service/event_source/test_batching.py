from headwater_local.lambda_service.event_source.batching import Batcher
from headwater_local.lambda_service.event_source.event import (
    PAYLOAD_LIMIT_BYTES,
    encode,
    kinesis_event,
)
from headwater_local.lambda_service.event_source.stream import Record
from unit.local.lambda_service.event_source.builders import SHARD, mapping, records

NOW = 1_750_000_000.0


def _large(count: int, data_bytes: int) -> list[Record]:
    return [Record(str(96 + i), "p", bytes(data_bytes), NOW) for i in range(count)]


def test_is_never_due_without_records() -> None:
    batcher = Batcher(mapping(), SHARD, NOW)

    assert not batcher.is_due(NOW + 3600)


def test_without_a_window_is_due_at_the_first_record() -> None:
    batcher = Batcher(mapping(), SHARD, NOW)

    batcher.add(records(1), NOW)

    assert batcher.is_due(NOW)


def test_waits_for_the_window_to_end() -> None:
    batcher = Batcher(mapping(MaximumBatchingWindowInSeconds=5), SHARD, NOW)

    batcher.add(records(1), NOW + 1)

    assert not batcher.is_due(NOW + 4.9)
    assert batcher.is_due(NOW + 5)


def test_an_empty_window_is_followed_by_a_whole_one() -> None:
    batcher = Batcher(mapping(MaximumBatchingWindowInSeconds=5), SHARD, NOW)

    batcher.add(records(1), NOW + 60)

    assert not batcher.is_due(NOW + 64.9)
    assert batcher.is_due(NOW + 65)


def test_a_full_batch_does_not_wait_for_the_window() -> None:
    batcher = Batcher(mapping(MaximumBatchingWindowInSeconds=300, BatchSize=2), SHARD, NOW)

    batcher.add(records(2), NOW)

    assert batcher.is_due(NOW)
    assert batcher.room == 0


def test_a_full_payload_does_not_wait_for_the_window() -> None:
    batcher = Batcher(mapping(MaximumBatchingWindowInSeconds=300), SHARD, NOW)

    batcher.add(_large(5, 1_000_000), NOW)

    assert batcher.is_due(NOW)


def test_takes_what_fits_into_a_payload_and_keeps_the_rest_in_order() -> None:
    batcher = Batcher(mapping(), SHARD, NOW)
    large = _large(9, 1_000_000)

    batcher.add(large, NOW)
    taken = [batcher.take(), batcher.take(), batcher.take()]

    assert [len(batch) for batch in taken] == [4, 4, 1]
    assert [record for batch in taken for record in batch] == large


def test_fills_a_payload_to_the_last_byte() -> None:
    framing = len(encode(kinesis_event(mapping(), SHARD, _large(1, 0))))
    room = (PAYLOAD_LIMIT_BYTES - framing) // 4 * 3
    fitting, too_large = _large(1, room), _large(1, room + 3)
    batcher = Batcher(mapping(MaximumBatchingWindowInSeconds=300), SHARD, NOW)

    batcher.add(fitting, NOW)
    fitting_is_due = batcher.is_due(NOW)
    batcher.take()
    batcher.add(too_large, NOW)

    assert not fitting_is_due
    assert batcher.is_due(NOW)


def test_a_record_too_large_for_any_payload_is_a_batch_of_its_own() -> None:
    batcher = Batcher(mapping(), SHARD, NOW)
    large = _large(2, 5_000_000)

    batcher.add(large, NOW)

    assert batcher.take() == (large[0],)
    assert batcher.take() == (large[1],)


def test_the_next_window_begins_when_the_invocation_completed() -> None:
    batcher = Batcher(mapping(MaximumBatchingWindowInSeconds=5), SHARD, NOW)

    batcher.open_window(NOW + 4)
    batcher.add(records(1), NOW + 4)

    assert not batcher.is_due(NOW + 8.9)
    assert batcher.is_due(NOW + 9)
