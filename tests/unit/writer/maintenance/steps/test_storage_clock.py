from datetime import UTC, datetime, timedelta

import pytest

from headwater_writer.maintenance.errors import StepError
from headwater_writer.maintenance.steps.storage_clock import agreed

NOW = datetime(2026, 1, 31, 13, 37, 5, tzinfo=UTC)


@pytest.mark.parametrize("apart", [timedelta(), timedelta(seconds=1), timedelta(hours=1)])
def test_goes_by_the_earlier_of_two_clocks(apart: timedelta) -> None:
    assert agreed(NOW + apart, NOW) == NOW
    assert agreed(NOW, NOW + apart) == NOW


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        (timedelta(days=3), "clock is 72.0 hours ahead of the storage's"),
        (timedelta(hours=1, minutes=1), "clock is 1.0 hours ahead of"),
        (timedelta(days=-400), "clock is 9,600.0 hours behind the storage's"),
    ],
)
def test_says_that_two_clocks_disagree(apart: timedelta, said: str) -> None:
    with pytest.raises(StepError, match=said):
        agreed(NOW + apart, NOW)
