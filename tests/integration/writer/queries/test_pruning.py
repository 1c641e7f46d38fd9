"""A question about a day reads the files of its days, not the table."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pyspark.sql import SparkSession

from headwater_local.questions import pack
from integration.conftest import StandIn
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.queries.golden import SHARDS, Visitor
from integration.writer.queries.lakes import RULES
from integration.writer.queries.trino import Trino

pytestmark = SPARK

DAYS = 90
FIRST = date(2026, 1, 1)
LOADED = datetime(2026, 4, 1, tzinfo=UTC)
"""Long enough ago for maintenance to have been over it."""


@pytest.fixture(scope="module")
def quarter(spark: SparkSession, stand_in: StandIn) -> Place:
    """A table with a file for each of 90 days."""
    place = Place.make(spark, stand_in.endpoint)
    visitor = Visitor("daily", "s-daily")
    for number in range(DAYS):
        visitor.page(f"{FIRST + timedelta(number)}T12:00", "/")
    records = [sent.record(place, SHARDS[0]) for place, sent in enumerate(visitor.sent, 1)]
    place.writer(RULES, now=lambda: LOADED).write(records)
    return place


@pytest.mark.parametrize("name", ["page_views_by_day", "sessions_by_day", "channels"])
def test_one_day_of_ninety_reads_five_files(name: str, quarter: Place, server: Trino) -> None:
    def bytes_read(first: date, last: date) -> int:
        sql = pack.render(name, {"start": str(first), "end": str(last)})
        return server.run(sql, quarter.database).bytes_read

    day = FIRST + timedelta(45)
    one, all_days = bytes_read(day, day), bytes_read(FIRST, FIRST + timedelta(DAYS - 1))

    # Of the day, two before it and two after.
    assert one == pytest.approx(all_days * 5 / DAYS, rel=0.1)
