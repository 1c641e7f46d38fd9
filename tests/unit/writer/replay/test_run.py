from typing import TYPE_CHECKING, cast

import pytest

from headwater_writer.publish.settle import PublishError
from headwater_writer.replay.given_up import NotABatchError, TooManyFailingError
from headwater_writer.replay.outcome import Outcome
from headwater_writer.replay.run import batches
from headwater_writer.writer import Writer
from unit.writer.builders import MemoryLake

if TYPE_CHECKING:
    from headwater_writer.replay.destination import Destination


class Bucket:
    """A destination whose objects, by key, fail with an error or are put through."""

    def __init__(self, **errors: Exception) -> None:
        self._errors = errors

    def reprocess(self, key: str, _writer: Writer) -> Outcome:
        if key in self._errors:
            raise self._errors[key]
        return Outcome(replayed=1)


def outcomes(bucket: Bucket, *keys: str) -> list[Outcome]:
    steps = batches(cast("Destination", bucket), keys, MemoryLake().writer())
    return [step.outcome for step in steps]


def test_keeps_what_iceberg_said_for_the_log() -> None:
    error = PublishError(
        "cannot commit to events in 60 attempts: java.lang.Secret: s3://bucket/key"
    )
    [_, step] = batches(cast("Destination", Bucket(a=error)), ["a"], MemoryLake().writer())

    assert step.outcome.failing == {"a commit to a table failed: see the log": 1}
    assert step.error is error


@pytest.mark.parametrize(
    "error",
    [PublishError("no"), NotABatchError("is not a batch"), TooManyFailingError("10 records")],
)
def test_goes_on_with_the_others_after_one_that_fails(error: Exception) -> None:
    _, first, second = outcomes(Bucket(a=error), "a", "b")

    assert first.failing.total() == 1
    assert second == Outcome(replayed=1)
