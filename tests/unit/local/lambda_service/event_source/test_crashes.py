"""Seeded runs with crashes, failures and reshards between any two steps."""

import random

import pytest

from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.event_source.fakes import MemoryWorld
from headwater_local.lambda_service.event_source.function import (
    FunctionError,
    FunctionUnavailableError,
)
from headwater_local.lambda_service.event_source.on_failure import DestinationError
from headwater_local.lambda_service.event_source.source import EventSource
from headwater_local.lambda_service.event_source.stream import StreamError
from unit.local.lambda_service.event_source.builders import reporting, sequence_numbers

SEEDS = range(150)


class Run:
    """One schedule: what is put, what fails and when it crashes follow from the seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311
        self.world = MemoryWorld(shards=2, answer=self._answer)
        self.options = reporting(
            BatchSize=self.random.choice([1, 3, 10]),
            MaximumBatchingWindowInSeconds=self.random.choice([0, 2]),
            BisectBatchOnFunctionError=self.random.random() < 0.5,
            MaximumRetryAttempts=self.random.choice([-1, 2, 50]),
        )
        self.trouble = 0.3
        self.open = ["shardId-000000000000", "shardId-000000000001"]
        self.put: dict[str, list[str]] = {}
        self.done: dict[str, list[str]] = {}

    def play(self, steps: int) -> None:
        source = EventSource(self.options, self.world.ports)
        for _ in range(steps):
            if self._happens(0.05):
                self._reshard_or_put()
            if self._happens(0.02):
                source = EventSource(self.options, self.world.ports)
            self._disturb()
            self.world.clock.advance(source.step())
        self.trouble = 0.0
        source = EventSource(self.options, self.world.ports)
        for _ in range(20 * steps):
            self.world.clock.advance(source.step())

    def _happens(self, probability: float) -> bool:
        return self.random.random() < probability * min(1.0, self.trouble * 4)

    def _reshard_or_put(self) -> None:
        shard_id = self.random.choice(self.open)
        if self.random.random() < 0.05:
            self.open.remove(shard_id)
            self.open.extend(self.world.stream.split(shard_id))
            return
        for _ in range(self.random.randrange(1, 8)):
            record = self.world.stream.put(b"data", shard_id)
            self.put.setdefault(shard_id, []).append(record.sequence_number)

    def _disturb(self) -> None:
        self.world.stream.failures = [StreamError("throttled")] * self._happens(0.1)
        self.world.on_failure.failures = [DestinationError("refused")] * self._happens(0.3)

    def _answer(self, event: KinesisEvent) -> object:
        numbers = sequence_numbers(event)
        shard_id = event["Records"][0]["eventID"].split(":")[0]
        if self._happens(0.2):
            raise FunctionUnavailableError
        if self._happens(0.2):
            raise FunctionError("ValueError", "out of luck")
        if self._happens(0.2):
            failed = self.random.randrange(len(numbers))
            self.done.setdefault(shard_id, []).extend(numbers[:failed])
            return {"batchItemFailures": [{"itemIdentifier": numbers[failed]}]}
        self.done.setdefault(shard_id, []).extend(numbers)
        return None

    @property
    def delivered(self) -> set[str]:
        return {number for numbers in self.done.values() for number in numbers}

    @property
    def discarded(self) -> set[str]:
        batches = self.world.on_failure.batches
        return {record.sequence_number for batch in batches for record in batch.records}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_record_is_delivered_or_discarded_in_the_order_of_its_shard(seed: int) -> None:
    run = Run(seed)

    run.play(steps=300)

    everything = {number for numbers in run.put.values() for number in numbers}
    assert run.delivered | run.discarded == everything
    for shard_id, numbers in run.done.items():
        first_deliveries = list(dict.fromkeys(numbers))
        expected = [n for n in run.put[shard_id] if n in first_deliveries]
        assert first_deliveries == expected
