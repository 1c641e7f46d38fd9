"""The collector's sentence about the rest of a batch is the one that a replay recognizes."""

import pytest

from headwater_contract import rest_of_batch


@pytest.mark.parametrize("count", [1, 250_000])
def test_the_reason_is_recognized(count: int) -> None:
    assert rest_of_batch.is_rest_of_batch(rest_of_batch.reason(count))


@pytest.mark.parametrize(
    "other", ["no event name", "2 messages from here on: a batch takes at most 2500 today"]
)
def test_no_other_reason_is_recognized(other: str) -> None:
    assert not rest_of_batch.is_rest_of_batch(other)
