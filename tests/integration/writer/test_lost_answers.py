"""A commit whose question or answer is lost is decided by the table's state, never by a guess."""

from collections.abc import Callable
from typing import Final

import pytest

from headwater_writer.publish.batch import Published
from headwater_writer.publish.table import TableError
from headwater_writer.writer import Writer
from integration.writer.batches import OTHER_SHARD, records, written
from integration.writer.faults import Loses, Outage, catalog_through
from integration.writer.interceptor import Interceptor
from integration.writer.marks import SPARK
from integration.writer.place import Place

pytestmark = SPARK

REMEMBERED: Final = 2
"""Earlier versions that a table's metadata names: Iceberg looks for its own commit among them."""

ALWAYS: Final = 1000
"""Answers that are lost: more than whatever the client tries."""


@pytest.fixture
def writer(place: Place, wire: Interceptor) -> Writer:
    """A writer, by a catalog whose connection may fail, to tables that hold a first batch."""
    place.writer().write(records(1, 3))
    place.hurry("events")
    return place.writer(catalog=catalog_through(place, wire))


def test_commits_once_if_an_answer_is_lost(place: Place, wire: Interceptor, writer: Writer) -> None:
    script = Loses("answer", 1)
    wire.script = script

    outcome = written(writer, records(4, 6))

    assert script.left == 0
    assert outcome == Published(3)
    assert place.sequences("events") == [1, 2, 3, 4, 5, 6]


def test_commits_once_if_every_answer_is_lost(
    place: Place, wire: Interceptor, writer: Writer
) -> None:
    wire.script = Loses("answer", ALWAYS)

    outcome = written(writer, records(4, 6))

    assert outcome == Published(3)
    assert place.sequences("events") == [1, 2, 3, 4, 5, 6]


def versions_by_others(place: Place) -> None:
    """Make more versions of events than its metadata remembers: commits and settings in turn."""
    other = place.writer()
    for number in range(1, REMEMBERED + 2):
        other.write(records(number, number, OTHER_SHARD))
        place.set_properties("events", {"comment": str(number)})


def versions_and_maintenance(place: Place) -> None:
    """Do that, and let maintenance exchange the files and forget all but the newest snapshot."""
    versions_by_others(place)
    place.compact("events")
    place.expire_snapshots("events")


@pytest.mark.parametrize(
    ("times", "meanwhile"),
    [
        (1, versions_by_others),
        (ALWAYS, versions_by_others),
        (1, versions_and_maintenance),
        (ALWAYS, versions_and_maintenance),
    ],
)
def test_a_table_survives_an_answer_that_was_lost_many_versions_ago(
    place: Place,
    wire: Interceptor,
    writer: Writer,
    times: int,
    meanwhile: Callable[[Place], None],
) -> None:
    place.set_properties("events", {"write.metadata.previous-versions-max": str(REMEMBERED)})
    script = wire.script = Loses("answer", times, lambda: meanwhile(place))

    outcome = written(writer, records(4, 6))

    assert script.is_over.wait(60)
    assert outcome.written + outcome.covered == 3
    assert place.sequences("events") == sorted([*range(1, 7), *range(1, REMEMBERED + 2)])
    assert place.readable_snapshots("events") == place.snapshots("events")


@pytest.mark.parametrize(
    ("lands", "then"), [(True, Published(0, covered=3)), (False, Published(3))]
)
def test_finds_out_after_an_outage_what_became_of_a_commit(
    place: Place, wire: Interceptor, writer: Writer, *, lands: bool, then: Published
) -> None:
    outage = Outage(lands=lands)
    wire.script = outage

    with pytest.raises(TableError, match="cannot read events"):
        written(writer, records(4, 6))
    outage.over = True

    assert written(writer, records(4, 6)) == then
    assert place.sequences("events") == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_commit_that_arrives_after_its_writer_gave_up_adds_nothing(
    place: Place, wire: Interceptor, writer: Writer, *, is_first: bool
) -> None:
    outage = wire.script = Outage(lands=False)
    with pytest.raises(TableError):
        writer.write(records(4, 6))
    assert outage.arrive is not None
    outage.over = True

    if is_first:
        outage.arrive()
    outcome = written(place.writer(), records(4, 6))
    if not is_first:
        outage.arrive()

    assert outcome == (Published(0, covered=3) if is_first else Published(3))
    assert place.sequences("events") == [1, 2, 3, 4, 5, 6]
    assert place.readable_snapshots("events") == place.snapshots("events")
