from datetime import UTC, datetime, timedelta

from headwater_contract.archive_line import Archived, read_archive_line
from headwater_local.demo.archive import lines
from headwater_local.demo.requests import Demo
from headwater_writer.rows.rows import Row, Rules, shape

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
DEMO = Demo(seed=1, visitors=1000, days=30, until=NOON)


def archived(demo: Demo) -> list[Archived]:
    found = [read_archive_line(line) for line in lines(demo)]
    assert all(found)
    return [each for each in found if each]


def rows() -> list[Row]:
    return [shape(each.entry, each.envelope, Rules()).event for each in archived(DEMO)]


def test_every_message_is_accepted_and_has_a_position_of_its_own() -> None:
    found = archived(DEMO)

    assert all(each.entry.refusal is None for each in found)
    assert {each.shard for each in found} == {"demo/seed-1"}
    assert len({(each.sequence, each.index) for each in found}) == len(found)


def test_a_message_has_the_same_position_another_day() -> None:
    def positions(demo: Demo) -> dict[str | None, tuple[str, int]]:
        return {each.entry.event_id: (each.sequence, each.index) for each in archived(demo)}

    before = positions(Demo(1, 30, 10, NOON))
    after = positions(Demo(1, 60, 20, NOON + timedelta(days=10)))

    assert len(before) > 100
    assert len(after) > len(before)
    assert {key: after.get(key) for key in before} == before


def test_rows_have_what_reports_divide_them_by() -> None:
    found = rows()

    for column in ("country", "city", "browser", "os", "device_type", "timezone", "locale"):
        assert len({row[column] for row in found}) > 2, column
    assert {row["consent"] for row in found} == {None, "granted", "gpc"}
    assert {row["channel"] for row in found} == {"browser"}
    assert {row["utm_medium"] for row in found} == {None, "email", "cpc", "video"}
    assert {row["app_id"] for row in found} == {"demo"}


def test_crawlers_are_known_as_such() -> None:
    bots = {row["user_agent"] for row in rows() if row["is_bot"]}

    assert len(bots) == 2


def test_a_wrong_clock_is_noticed() -> None:
    sources = {row["time_source"] for row in rows()}

    assert sources == {"client", "clamped"}
