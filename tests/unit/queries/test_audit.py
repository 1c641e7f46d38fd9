from datetime import datetime

from unit.queries.reference import Lake, Reference
from unit.queries.rows import answer_of, event, failed, identify, in_duckdb

NOON = datetime(2026, 3, 29, 12)  # noqa: DTZ001 -- as tables have it


def test_a_position_of_two_rows_is_found_in_each_table() -> None:
    lake = Lake(
        [event(number, NOON) for number in (1, 2, 2)],
        [identify(number, "web", "device", "ada") for number in (1, 3, 3)],
        [failed(number, NOON, "collector", "web") for number in (1, 4, 4)],
    )
    with in_duckdb(lake) as connection:
        found = answer_of(connection, "audit", {})

    assert sorted(found) == [
        ("events", "shard", "2", 0, 2),
        ("failed_records", "shard", "4", 2, 2),
        ("identifies", "shard", "3", 1, 2),
    ]
    assert sorted(Reference(lake).audit()) == sorted(found)
