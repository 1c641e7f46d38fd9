from pathlib import Path

import pytest

from headwater_local.lambda_service.driver import TOLERATED_SECONDS, StreamClock
from headwater_local.lambda_service.event_source.fakes import ManualClock


@pytest.mark.parametrize(
    ("kept", "held_until"),
    [
        (None, 0.0),
        (900, 0.0),
        (1000, 0.0),
        (1000 + TOLERATED_SECONDS, 0.0),
        (1001 + TOLERATED_SECONDS, 1001.0),
        (4600, 4600 - TOLERATED_SECONDS),
    ],
)
def test_holds_until_commits_are_taken_again(
    tmp_path: Path, kept: float | None, held_until: float
) -> None:
    file = tmp_path / "clock"
    if kept is not None:
        file.write_text(f"{kept:.0f}")

    assert StreamClock(file, ManualClock(1000.0).now).held_until() == held_until


def test_tolerates_less_than_iceberg_does() -> None:
    iceberg_seconds, kept_ahead = 60, 2

    assert TOLERATED_SECONDS + kept_ahead < iceberg_seconds
