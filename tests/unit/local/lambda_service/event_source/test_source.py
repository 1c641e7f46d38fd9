import pytest

from headwater_local.lambda_service.event_source.checkpoints import Checkpoint
from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.event_source.fakes import MemoryWorld
from headwater_local.lambda_service.event_source.function import FunctionError
from headwater_local.lambda_service.event_source.source import readable
from headwater_local.lambda_service.event_source.stream import AfterSequence, Shard, StreamError
from unit.local.lambda_service.event_source.builders import SHARD, mapping, run, run_on

OTHER_SHARD = "shardId-000000000001"


def _shard_of(event: KinesisEvent) -> str:
    return event["Records"][0]["eventID"].split(":")[0]


def test_reads_every_shard() -> None:
    world = MemoryWorld(shards=3)
    for number in range(3):
        world.stream.put(b"data", f"shardId-{number:012d}")

    run(world, mapping(), seconds=5)

    assert sorted(world.function.batches) == [["96"], ["97"], ["98"]]


def test_a_shard_that_fails_keeps_no_other_waiting() -> None:
    world = MemoryWorld(shards=2)

    def answer(event: KinesisEvent) -> None:
        if _shard_of(event) == SHARD:
            raise FunctionError("ValueError", "poison")

    world.function.answer = answer
    for _ in range(10):
        world.stream.put(b"bad", SHARD)
        world.stream.put(b"good", OTHER_SHARD)

    run(world, mapping(BatchSize=1), seconds=10)

    assert world.checkpoints.saved[OTHER_SHARD] == Checkpoint(AfterSequence("115"))


def test_shards_with_much_to_do_take_turns() -> None:
    world = MemoryWorld(shards=2)
    for _ in range(20):
        world.stream.put(b"data", SHARD)
        world.stream.put(b"data", OTHER_SHARD)

    run(world, mapping(BatchSize=1), seconds=5)

    first_ten = [_shard_of(event) for event in world.function.events[:10]]
    assert first_ten.count(SHARD) == 5


def test_goes_on_after_its_checkpoint() -> None:
    world = MemoryWorld()
    world.stream.put(b"one")
    run(world, mapping(), seconds=5)
    world.stream.put(b"two")

    run(world, mapping(), seconds=5)

    assert world.function.batches == [["96"], ["97"]]


def test_latest_leaves_out_what_was_there_before_it_first_looked() -> None:
    world = MemoryWorld()
    world.stream.put(b"before")
    world.clock.advance(1)
    source = run(world, mapping(StartingPosition="LATEST"), seconds=5)
    world.stream.put(b"after")

    run_on(world, source, 5)

    assert world.function.batches == [["97"]]


def test_latest_means_the_same_after_a_restart_before_any_record() -> None:
    world = MemoryWorld()
    run(world, mapping(StartingPosition="LATEST"), seconds=5)
    world.stream.put(b"while nobody ran")
    world.clock.advance(60)

    run(world, mapping(StartingPosition="LATEST"), seconds=5)

    assert world.function.batches == [["96"]]


def test_latest_reads_all_of_a_shard_that_appears_later() -> None:
    world = MemoryWorld()
    source = run(world, mapping(StartingPosition="LATEST"), seconds=5)
    child, _ = world.stream.split(SHARD)
    world.stream.put(b"in the child before it was noticed", child)

    run_on(world, source, 30)

    assert world.function.batches == [["96"]]


def test_finishes_a_parent_before_its_children() -> None:
    world = MemoryWorld(answer=lambda _event: None)
    for _ in range(20):
        world.stream.put(b"parent")
    left, right = world.stream.split(SHARD)
    world.stream.put(b"child", left)
    world.stream.put(b"child", right)

    run(world, mapping(BatchSize=3), seconds=60)

    shards = [_shard_of(event) for event in world.function.events]
    assert shards == [SHARD] * 7 + [left, right]
    assert world.checkpoints.saved[SHARD] == Checkpoint(AfterSequence("115"), ended=True)


def test_finishes_both_parents_before_the_shard_they_merged_into() -> None:
    world = MemoryWorld(shards=2)
    world.stream.put(b"parent", SHARD)
    world.stream.put(b"parent", OTHER_SHARD)
    child = world.stream.merge(SHARD, OTHER_SHARD)
    world.stream.put(b"child", child)

    run(world, mapping(), seconds=60)

    assert _shard_of(world.function.events[-1]) == child
    assert len(world.function.events) == 3


def test_a_failing_parent_holds_its_children_back() -> None:
    world = MemoryWorld()
    world.stream.put(b"parent")
    left, _ = world.stream.split(SHARD)
    world.stream.put(b"child", left)

    def answer(event: KinesisEvent) -> None:
        if _shard_of(event) == SHARD:
            raise FunctionError("ValueError", "poison")

    world.function.answer = answer

    run(world, mapping(), seconds=120)

    assert {_shard_of(event) for event in world.function.events} == {SHARD}


def test_notices_a_split_that_happens_while_it_runs() -> None:
    world = MemoryWorld()
    source = run(world, mapping(), seconds=5)
    left, _ = world.stream.split(SHARD)
    world.stream.put(b"child", left)

    run_on(world, source, 15)

    assert [_shard_of(event) for event in world.function.events] == [left]


def test_does_not_read_an_ended_shard_again_after_a_restart() -> None:
    world = MemoryWorld()
    world.stream.put(b"parent")
    world.stream.split(SHARD)
    run(world, mapping(), seconds=30)
    world.stream.reads.clear()

    run(world, mapping(), seconds=30)

    assert SHARD not in world.stream.reads


def test_forgets_a_shard_whose_retention_is_over_and_frees_its_children() -> None:
    world = MemoryWorld()
    source = run(world, mapping(), seconds=5)
    left, right = world.stream.split(SHARD)
    world.stream.expire(SHARD)

    run_on(world, source, 15)

    assert sorted(source.status) == [left, right]


def test_waits_for_a_stream_that_is_not_there_yet_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = MemoryWorld()
    world.stream.failures = [StreamError("no such stream")] * 5
    world.stream.put(b"data")

    run(world, mapping(), seconds=30)

    assert world.function.batches == [["96"]]
    assert [record.message for record in caplog.records] == ["waiting for the stream"]


def test_parents_that_the_stream_no_longer_lists_hold_nobody_back() -> None:
    shards = [Shard("child", ("trimmed",)), Shard("grandchild", ("child",))]

    assert readable(shards, ended=(), reading=()) == ["child"]
    assert readable(shards, ended=(), reading=("trimmed",)) == []
    assert readable(shards, ended=("child",), reading=()) == ["grandchild"]
