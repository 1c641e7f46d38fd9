from headwater_local.lambda_service.event_source.retry import (
    Batch,
    pause_seconds,
    plan_after_failure,
    split_expired,
)
from unit.local.lambda_service.event_source.builders import mapping, records

NOW = 1_750_000_000.0


def test_pauses_grow_and_stay_bounded() -> None:
    pauses = [pause_seconds(failures) for failures in range(1, 10_000)]

    assert pauses == sorted(pauses)
    assert pauses[0] < 1
    assert pauses[-1] == 30


def test_tries_the_whole_batch_again_after_a_pause() -> None:
    batch = Batch(records(3))

    plan = plan_after_failure(batch, 0, mapping(), NOW)

    assert plan.discarded is None
    assert [(b.records, b.retries) for b in plan.batches] == [(batch.records, 1)]
    assert plan.batches[0].not_before > NOW


def test_tries_only_what_is_left_after_a_partial_success() -> None:
    batch = Batch(records(3))

    plan = plan_after_failure(batch, 1, mapping(), NOW)

    assert [(b.records, b.retries) for b in plan.batches] == [(batch.records[1:], 1)]


def test_gives_up_when_the_retries_are_used_up() -> None:
    batch = Batch(records(3), retries=2)

    plan = plan_after_failure(batch, 1, mapping(MaximumRetryAttempts=2), NOW)

    assert plan.batches == ()
    assert plan.discarded is not None
    assert plan.discarded.records == batch.records[1:]


def test_gives_up_at_once_without_retries() -> None:
    plan = plan_after_failure(Batch(records(1)), 0, mapping(MaximumRetryAttempts=0), NOW)

    assert plan.discarded is not None


def test_never_gives_up_without_a_limit() -> None:
    plan = plan_after_failure(Batch(records(1), retries=1_000_000), 0, mapping(), NOW)

    assert plan.discarded is None


def test_splits_a_failed_batch_in_halves_without_using_up_a_retry() -> None:
    batch = Batch(records(5), retries=1)
    options = mapping(BisectBatchOnFunctionError=True, MaximumRetryAttempts=1)

    plan = plan_after_failure(batch, 0, options, NOW)

    halves = [(b.records, b.retries) for b in plan.batches]
    assert halves == [(batch.records[:3], 1), (batch.records[3:], 1)]


def test_splits_at_the_record_that_the_function_named() -> None:
    batch = Batch(records(5))
    options = mapping(BisectBatchOnFunctionError=True)

    plan = plan_after_failure(batch, 2, options, NOW)

    assert [(b.records, b.retries) for b in plan.batches] == [(batch.records[2:], 0)]


def test_uses_up_retries_on_a_single_record() -> None:
    options = mapping(BisectBatchOnFunctionError=True, MaximumRetryAttempts=1)
    batch = Batch(records(1))

    again = plan_after_failure(batch, 0, options, NOW).batches[0]
    plan = plan_after_failure(again, 0, options, NOW)

    assert again.retries == 1
    assert plan.discarded is not None


def test_separates_the_leading_records_that_are_too_old() -> None:
    old, young = records(2, arrived_at=NOW - 61), records(1, arrived_at=NOW - 60)

    expired, live = split_expired(
        Batch(old + young, retries=3), mapping(MaximumRecordAgeInSeconds=60), NOW
    )

    assert expired == old
    assert live == Batch(young, retries=3)


def test_keeps_records_of_any_age_without_a_limit() -> None:
    batch = Batch(records(2, arrived_at=0.0))

    assert split_expired(batch, mapping(), NOW) == ((), batch)
