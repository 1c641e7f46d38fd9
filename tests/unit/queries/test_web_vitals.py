import json
from datetime import datetime, timedelta

from unit.queries.reference import Lake
from unit.queries.rows import answer_of, event, in_duckdb

NOON = datetime(2026, 3, 29, 12)  # noqa: DTZ001 -- as tables have it


def test_the_75th_percentile_is_that_of_nearest_rank() -> None:
    measured = [
        event(
            number,
            NOON + timedelta(minutes=number),
            event_type="web_vitals",
            properties=json.dumps({"lcp": lcp}),
        )
        for number, lcp in enumerate((500, 100, 300, 200, 400))
    ]
    with in_duckdb(Lake(measured)) as connection:
        found = answer_of(connection, "web_vitals", {"start": "2026-03-29", "end": "2026-03-29"})

    assert found == [("lcp", 5, 400.0)]
