from datetime import UTC, datetime

import pytest

from headwater_reports.arguments import usual_range

EVENING = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "start", "end"),
    [
        ({}, "2026-01-02", "2026-01-31"),
        ({"end": "2025-12-30"}, "2025-12-01", "2025-12-30"),
        ({"start": "2026-01-30"}, "2026-01-02", "2026-01-31"),
        ({"time_zone": "Europe/Berlin"}, "2026-01-03", "2026-02-01"),
        ({"time_zone": "Europe/Berlin", "end": "2026-01-31"}, "2026-01-02", "2026-01-31"),
        ({"time_zone": "Europe/Nowhere"}, "2026-01-02", "2026-01-31"),
        ({"end": "soon"}, "2026-01-02", "2026-01-31"),
        ({"end": "0001-01-05"}, "0001-01-01", "0001-01-05"),
    ],
)
def test_the_usual_range_is_thirty_days_to_the_end(
    given: dict[str, str], start: str, end: str
) -> None:
    assert usual_range(EVENING, given) == {"start": start, "end": end}
