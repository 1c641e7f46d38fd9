import pytest

from headwater_local.lambda_service.event_source.checkpoints import Checkpoint
from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.event_source.fakes import MemoryWorld
from headwater_local.lambda_service.event_source.function import (
    FunctionError,
    FunctionUnavailableError,
)
from headwater_local.lambda_service.event_source.on_failure import Condition, DestinationError
from headwater_local.lambda_service.event_source.source import EventSource
from headwater_local.lambda_service.event_source.stream import AfterSequence, StreamError
from unit.local.lambda_service.event_source.builders import (
    SHARD,
    fail_on,
    failures,
    mapping,
    reporting,
    run,
    run_on,
    sequence_numbers,
)

POISON = FunctionError("ValueError", "poison")


def _world(records: int) -> MemoryWorld:
    world = MemoryWorld()
    for number in range(records):
        world.stream.put(str(number).encode())
    return world


def _failing(records: int, *poison: str) -> MemoryWorld:
    """A world whose function raises at batches with certain records (96 is the first)."""
    world = MemoryWorld(answer=fail_on(poison, POISON))
    for number in range(records):
        world.stream.put(str(number).encode())
    return world


def _discarded(world: MemoryWorld) -> list[list[str]]:
    return [[r.sequence_number for r in batch.records] for batch in world.on_failure.batches]


def test_hands_over_records_in_order_and_remembers_how_far() -> None:
    world = _world(5)

    run(world, mapping(BatchSize=2), seconds=10)

    assert world.function.batches == [["96", "97"], ["98", "99"], ["100"]]
    assert world.checkpoints.saved == {SHARD: Checkpoint(AfterSequence("100"))}


def test_gathers_for_as_long_as_the_window() -> None:
    world = _world(1)
    source = EventSource(mapping(MaximumBatchingWindowInSeconds=5), world.ports)

    run_on(world, source, 3)
    world.stream.put(b"later")
    run_on(world, source, 1.9)
    before = list(world.function.batches)
    run_on(world, source, 0.2)

    assert before == []
    assert world.function.batches == [["96", "97"]]


def test_polls_an_idle_shard_once_a_second() -> None:
    world = _world(0)

    run(world, mapping(), seconds=10)

    assert len(world.stream.reads) == 10


def test_polls_a_shard_that_is_behind_more_often_but_within_its_limit() -> None:
    world = _world(50)

    run(world, mapping(BatchSize=1), seconds=2)

    assert len(world.function.batches) == 10


def test_retries_the_batch_until_the_function_succeeds() -> None:
    world = _world(2)
    answers: list[FunctionError] = [POISON, POISON]

    def answer(_event: KinesisEvent) -> None:
        if answers:
            raise answers.pop()

    world.function.answer = answer
    run(world, mapping(), seconds=30)

    assert world.function.batches == [["96", "97"]] * 3
    assert world.checkpoints.saved == {SHARD: Checkpoint(AfterSequence("97"))}


def test_reads_no_further_while_a_batch_fails() -> None:
    world = _failing(4, "96")

    run(world, mapping(BatchSize=2), seconds=300)

    assert {tuple(batch) for batch in world.function.batches} == {("96", "97")}
    assert not isinstance(world.checkpoints.saved[SHARD].position, AfterSequence)


def test_gives_up_after_the_retries_and_goes_on() -> None:
    world = _failing(4, "96")

    run(world, mapping(BatchSize=2, MaximumRetryAttempts=2), seconds=60)

    assert world.function.batches == [["96", "97"]] * 3 + [["98", "99"]]
    assert _discarded(world) == [["96", "97"]]
    assert world.on_failure.batches[0].condition is Condition.RETRY_ATTEMPTS_EXHAUSTED
    assert world.on_failure.batches[0].invocations == 3
    assert world.on_failure.batches[0].function_failed


def test_bisecting_isolates_a_poisoned_record() -> None:
    world = _failing(16, "103")

    run(world, mapping(BisectBatchOnFunctionError=True, MaximumRetryAttempts=1), seconds=60)

    assert _discarded(world) == [["103"]]
    succeeded = [batch for batch in world.function.batches if "103" not in batch]
    assert [number for batch in succeeded for number in batch] == [
        str(number) for number in range(96, 112) if number != 103
    ]


def test_a_split_does_not_use_up_a_retry() -> None:
    world = _failing(4, "96")

    run(world, mapping(BisectBatchOnFunctionError=True, MaximumRetryAttempts=1), seconds=60)

    assert world.function.batches == [
        ["96", "97", "98", "99"],
        ["96", "97"],
        ["96"],
        ["96"],
        ["97"],
        ["98", "99"],
    ]


def test_retries_from_the_lowest_record_that_the_function_named() -> None:
    world = _world(5)
    answers = [failures("99", "98"), None]
    world.function.answer = lambda _event: answers.pop(0)

    run(world, reporting(), seconds=10)

    assert world.function.batches == [["96", "97", "98", "99", "100"], ["98", "99", "100"]]


def test_remembers_what_succeeded_before_the_named_record() -> None:
    world = _world(3)
    world.function.answer = lambda _event: failures("98")

    run(world, reporting(), seconds=1)

    assert world.checkpoints.saved == {SHARD: Checkpoint(AfterSequence("97"))}


def test_with_both_on_splits_at_the_named_record_and_isolates_it() -> None:
    world = _world(5)

    def answer(event: KinesisEvent) -> object:
        return failures("98") if "98" in sequence_numbers(event) else None

    world.function.answer = answer
    options = reporting(BisectBatchOnFunctionError=True, MaximumRetryAttempts=0)

    run(world, options, seconds=60)

    assert world.function.batches == [
        ["96", "97", "98", "99", "100"],
        ["98", "99", "100"],
        ["98", "99"],
        ["98"],
        ["99"],
        ["100"],
    ]
    assert _discarded(world) == [["98"]]
    assert not world.on_failure.batches[0].function_failed


def test_an_unknown_item_fails_the_whole_batch() -> None:
    world = _world(3)
    answers = [failures("97", "5"), None]
    world.function.answer = lambda _event: answers.pop(0)

    run(world, reporting(), seconds=10)

    assert world.function.batches == [["96", "97", "98"]] * 2


def test_does_not_look_at_the_answer_when_reporting_is_off() -> None:
    world = _world(3)
    world.function.answer = lambda _event: failures("97")

    run(world, mapping(), seconds=10)

    assert world.function.batches == [["96", "97", "98"]]


def test_waits_for_a_function_that_is_not_there_without_using_up_retries() -> None:
    world = _world(2)
    there = world.clock.now() + 60

    def answer(_event: KinesisEvent) -> None:
        if world.clock.now() < there:
            raise FunctionUnavailableError

    world.function.answer = answer
    run(world, mapping(MaximumRetryAttempts=0, BisectBatchOnFunctionError=True), seconds=61)

    assert {tuple(batch) for batch in world.function.batches} == {("96", "97")}
    assert _discarded(world) == []
    assert world.checkpoints.saved == {SHARD: Checkpoint(AfterSequence("97"))}


def test_discards_records_that_are_too_old_before_handing_over_the_rest() -> None:
    world = _world(2)
    world.clock.advance(61)
    world.stream.put(b"young")

    run(world, mapping(MaximumRecordAgeInSeconds=60), seconds=5)

    assert world.function.batches == [["98"]]
    assert _discarded(world) == [["96", "97"]]
    assert world.on_failure.batches[0].condition is Condition.RECORD_AGE_EXCEEDED
    assert world.on_failure.batches[0].invocations == 0


def test_discards_records_that_became_too_old_while_they_failed() -> None:
    world = _failing(1, "96")
    world.clock.advance(30)
    world.stream.put(b"young")

    run(world, mapping(MaximumRecordAgeInSeconds=60), seconds=65)

    assert _discarded(world) == [["96"]]
    assert world.function.batches[-1] == ["97"]


@pytest.mark.parametrize("failing", [0, 5])
def test_keeps_a_discarded_batch_until_the_destination_takes_it(failing: int) -> None:
    world = _failing(2, "96")
    world.on_failure.failures = [DestinationError("no bucket")] * failing

    run(world, mapping(BatchSize=1, MaximumRetryAttempts=0), seconds=60)

    assert _discarded(world) == [["96"]]
    assert world.function.batches == [["96"], ["97"]]


def test_backs_off_from_a_stream_that_cannot_be_read() -> None:
    world = _world(1)
    source = run(world, mapping(), seconds=1)
    world.stream.reads.clear()
    world.stream.failures = [StreamError("throttled")] * 4
    world.stream.put(b"after")

    run_on(world, source, 8)

    assert world.function.batches == [["96"], ["97"]]
    assert 5 <= len(world.stream.reads) <= 12


def test_logs_a_failing_read_once(caplog: pytest.LogCaptureFixture) -> None:
    world = _world(0)
    source = run(world, mapping(), seconds=1)
    world.stream.failures = [StreamError("refused")] * 3

    run_on(world, source, 8)

    assert [record.message for record in caplog.records] == ["shard cannot be read for now"]


def test_tells_how_far_it_is() -> None:
    world = _failing(3, "98")
    options = mapping(BatchSize=2, MaximumRetryAttempts=1)
    source = run(world, options, seconds=30)

    status = source.status[SHARD]

    assert status.checkpoint == "98"
    assert status.last_batch_records == 2
    assert status.discarded_records == 1
    assert status.records_waiting == 0
    assert status.millis_behind == 0


def test_counts_a_batch_that_the_destination_has_not_taken_as_waiting() -> None:
    world = _failing(2, "96")
    world.on_failure.failures = [DestinationError("no bucket")] * 100

    source = run(world, mapping(MaximumRetryAttempts=0), seconds=5)

    assert source.status[SHARD].records_waiting == 2


def test_a_step_before_its_time_does_nothing() -> None:
    world = _world(0)
    source = run(world, mapping(), seconds=5)
    before = len(world.stream.reads)

    waits = [source.step() for _ in range(20)]

    assert len(world.stream.reads) <= before + 1
    assert waits[-1] > 0
