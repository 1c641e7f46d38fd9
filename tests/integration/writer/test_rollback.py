"""A table that another tool takes to another snapshot gets what it lacks, once, when it is read."""

from functools import partial

import pytest

from headwater_writer.publish.batch import Published
from integration.writer.batches import OTHER_SHARD, poison, records, written
from integration.writer.faults import overtaken
from integration.writer.interceptor import Interceptor
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import entry, record

pytestmark = SPARK


@pytest.fixture
def there(place: Place) -> int:
    """The snapshot with positions 1 to 3 of a table that has 4 to 6 as well."""
    writer = place.writer()
    writer.write(records(1, 3))
    [there] = place.snapshots("events")
    writer.write(records(4, 6))
    return there


@pytest.mark.parametrize("is_warm", [True, False])
def test_what_a_rollback_took_is_written_when_it_comes_again(place: Place, is_warm: bool) -> None:
    warm = place.writer()
    warm.write(records(1, 3))
    [there] = place.snapshots("events")
    warm.write(records(4, 6))
    place.roll_back("events", there)

    writer = warm if is_warm else place.writer()
    outcomes = [written(writer, records(first, first + 2)) for first in (7, 1, 4, 4)]

    assert [outcome.written for outcome in outcomes] == [3, 0, 3, 0]
    assert place.sequences("events") == list(range(1, 10))


def test_a_rollback_to_before_the_first_commit_of_a_shard_lets_all_of_it_come_again(
    place: Place, there: int
) -> None:
    place.writer().write(records(1, 3, OTHER_SHARD))
    place.roll_back("events", there)

    place.writer().write(records(1, 3, OTHER_SHARD))
    place.writer().write(records(1, 6))

    shards = [row["ingest_shard"] for row in place.rows("events").to_pylist()]
    assert place.sequences("events") == [1, 1, 2, 2, 3, 3, 4, 5, 6]
    assert shards.count(OTHER_SHARD) == 3


def test_a_rollback_that_was_taken_back_before_anybody_looked_changes_nothing(
    place: Place, there: int
) -> None:
    newest = place.snapshots("events")[-1]
    place.roll_back("events", there)
    place.set_snapshot("events", newest)

    assert written(place.writer(), records(1, 6)) == Published(0, covered=6)
    assert written(place.writer(), records(7, 9)) == Published(3)
    assert place.sequences("events") == list(range(1, 10))


def test_a_rollback_that_was_taken_back_after_others_wrote_lets_those_come_again(
    place: Place, there: int
) -> None:
    newest = place.snapshots("events")[-1]
    place.roll_back("events", there)
    place.writer().write(records(5, 9))
    place.set_snapshot("events", newest)

    for first in (1, 4, 7):
        place.writer().write(records(first, first + 2))

    assert place.sequences("events") == list(range(1, 10))


def test_a_rollback_whose_other_end_expired_before_anybody_looked_is_noticed(
    place: Place, there: int
) -> None:
    place.roll_back("events", there)
    place.expire_snapshots("events")

    for first in (7, 1, 4):
        place.writer().write(records(first, first + 2))

    assert place.sequences("events") == list(range(1, 10))


def test_what_a_rollback_took_behind_maintenance_is_missed_and_written(
    place: Place, there: int
) -> None:
    place.roll_back("events", there)
    place.compact("events")
    place.expire_snapshots("events")

    again = written(place.writer(), records(1, 6))

    assert (again.written, again.missing) == (3, 3)
    assert place.sequences("events") == [1, 2, 3, 4, 5, 6]


def test_a_writer_that_decided_before_a_rollback_decides_again(
    place: Place, wire: Interceptor, there: int
) -> None:
    writer = overtaken(place, wire, partial(place.roll_back, "events", there))

    writer.write(records(7, 9))
    place.writer().write(records(1, 9))

    assert place.sequences("events") == list(range(1, 10))


@pytest.mark.parametrize("name", ["identifies", "failed_records"])
def test_each_table_gets_again_what_a_rollback_took_of_it(place: Place, name: str) -> None:
    batches = [
        [record(number, entry(f"m-{number}", "identify")), *poison(number + 1)] for number in (1, 3)
    ]
    for batch in batches:
        place.writer().write(batch)
    place.roll_back(name, place.snapshots(name)[0])

    for batch in batches:
        place.writer().write(batch)

    assert place.sequences("events") == place.sequences("identifies") == [1, 3]
    assert place.sequences("failed_records") == [2, 4]
