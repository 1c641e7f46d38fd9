"""A question about one day of a quarter reads the files of a few days, not the table."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from pyspark.sql import SparkSession

from headwater_local.questions import pack
from integration.conftest import StandIn
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.queries.golden import SHARDS, Visitor
from integration.writer.queries.lakes import RULES
from integration.writer.queries.prepared import plan
from integration.writer.queries.trino import Trino
from unit.queries.asking import CASES, Case
from unit.queries.reference import Asked

pytestmark = [*SPARK, pytest.mark.timeout(1800)]

DAYS: Final = 90
FIRST: Final = date(2024, 1, 1)
MIDDLE: Final = FIRST + timedelta(45)
LOADED: Final = datetime(2024, 4, 1, tzinfo=UTC)
"""Maintenance has been over it: what was loaded in the last three days is compared with all."""

OWN: Final = {case.name: case.own for case in reversed(CASES)}

USUAL: Final = 5
"""The day, two before it and two after: ``parts/span.sql``."""

LONGER: Final[Mapping[str, int]] = {
    "stickiness": 31 + 1 + 2,  # The 30 days that end with it.
    "attribution": 32 + 1 + 2,  # 30 days before a conversion.
}

WHOLE: Final = ("retention", "new_and_returning")
"""They ask for first events ever, which may be in any file up to the last day."""

LOOKING: Final = ("active_users", "bots", "retention")
"""One for each place where the pack's SQL looks at segments."""

OTHERWISE: Final = (*WHOLE, "audit", "failed_records")
"""One has no range, and one reads another table."""


@pytest.fixture(scope="module")
def quarter(spark: SparkSession, stand_in: StandIn) -> Place:
    """A table with a file for each of 90 days, with all kinds of events in each."""
    place = Place.make(spark, stand_in.endpoint)
    visitor = Visitor("daily", "s-daily")
    for number in range(DAYS):
        day = FIRST + timedelta(number)
        visitor.page(f"{day}T12:00", "/a")
        for event in ("link_click", "order_paid", "page_leave", "web_vitals"):
            visitor.track(f"{day}T12:01", event, "/a")
    records = [sent.record(number, SHARDS[0]) for number, sent in enumerate(visitor.sent, 1)]
    place.writer(RULES, now=lambda: LOADED).write(records)
    assert len(place.table("events").inspect.files()) == DAYS
    return place


def bytes_read(name: str, first: date, last: date, place: Place, server: Trino) -> int:
    sql = pack.render(name, Case(name, OWN[name]).arguments(Asked(first, last)))
    return server.run(sql, place.database).bytes_read


def of_one_and_of_all(name: str, place: Place, server: Trino) -> tuple[int, int]:
    """Return the bytes that are read for a day in the middle, and for all days."""
    last = FIRST + timedelta(DAYS - 1)
    return (
        bytes_read(name, MIDDLE, MIDDLE, place, server),
        bytes_read(name, FIRST, last, place, server),
    )


@pytest.mark.parametrize("name", [name for name in pack.questions() if name not in OTHERWISE])
def test_one_day_of_a_quarter_reads_a_few_days(name: str, quarter: Place, server: Trino) -> None:
    one, all_days = of_one_and_of_all(name, quarter, server)

    # A table that is read several times is at times read less often for a single day.
    assert 0 < one <= 1.1 * all_days * LONGER.get(name, USUAL) / DAYS


@pytest.mark.parametrize("name", LOOKING)
def test_a_question_without_a_segment_reads_no_column_for_one(
    name: str, quarter: Place, server: Trino
) -> None:
    def plan_with(segment: str) -> str:
        asked = Asked(MIDDLE, MIDDLE, segment=segment)
        return plan(server, quarter.database, name, Case(name, OWN[name]).arguments(asked))

    assert ":country:" not in plan_with("")
    assert ":country:" in plan_with("country=DE")


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_first_ever_reads_all_before(name: str, quarter: Place, server: Trino) -> None:
    one, all_days = of_one_and_of_all(name, quarter, server)

    assert "Reads the whole table up to the last day" in pack.question(name).definition
    assert all_days / 5 < one < all_days * 2 / 3
