"""A table that the catalog has lost: no other takes its place, and it comes back with its rows."""

import pytest

from headwater_contract.tables import EVENTS, IDENTIFIES
from headwater_local import aws_client
from headwater_writer.lake.metadata_files import UnregisteredTableError
from headwater_writer.maintenance.errors import RegisterError
from headwater_writer.maintenance.register import register
from headwater_writer.maintenance.table import MaintainedTable
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import now, record

pytestmark = SPARK


@pytest.fixture
def lost(place: Place) -> Place:
    """A place whose catalog has lost the table of two events."""
    writer = place.writer(now=now)
    for sequence in (1, 2):
        writer.write([record(sequence)])
    forget(place)
    return place


def forget(place: Place) -> None:
    aws_client.glue(place.endpoint).delete_table(DatabaseName=place.database, Name="events")


def maintained(place: Place) -> MaintainedTable:
    return MaintainedTable(place.spark, place.database, EVENTS)


def test_no_new_table_takes_the_place_of_a_lost_one(lost: Place) -> None:
    with pytest.raises(UnregisteredTableError, match="the catalog does not have the table events"):
        lost.writer()

    assert not lost.holds("events")


def test_comes_back_with_its_rows_and_its_ledger(lost: Place) -> None:
    dry = register(lost.lake(), maintained(lost), None, dry_run=True)
    assert not lost.holds("events")

    done = register(lost.lake(), maintained(lost), None, dry_run=False)

    assert done == dry
    assert done.rows == 2
    lost.writer(now=now).write([record(2), record(3)])
    assert lost.sequences("events") == [1, 2, 3]


def test_comes_back_as_of_the_file_that_is_named(lost: Place) -> None:
    newest = register(lost.lake(), maintained(lost), None, dry_run=False)
    older = lost.table("events").metadata.metadata_log[-1].metadata_file
    forget(lost)

    done = register(lost.lake(), maintained(lost), older, dry_run=False)

    assert (done.metadata, done.rows) == (older, 1)
    assert done.written_at < newest.written_at


def test_takes_no_file_of_another_table(lost: Place) -> None:
    foreign = lost.table("identifies").metadata_location

    with pytest.raises(RegisterError, match=r"is of a table in .*/identifies"):
        register(lost.lake(), maintained(lost), foreign, dry_run=False)

    assert not lost.holds("events")


def test_registers_no_table_that_is_there_or_never_was(place: Place) -> None:
    place.writer()
    with pytest.raises(RegisterError, match="the catalog has the table"):
        register(place.lake(), maintained(place), None, dry_run=False)

    forget(place)
    with pytest.raises(RegisterError, match="no metadata file"):
        register(place.lake(), maintained(place), None, dry_run=False)


def test_leaves_the_choice_between_two_attempts_at_a_commit(lost: Place) -> None:
    s3 = aws_client.s3(lost.endpoint)
    newest = register(lost.lake(), maintained(lost), None, dry_run=True).metadata
    key = newest.removeprefix(f"s3://{lost.database}/")
    folder, _, name = key.rpartition("/")
    twin = f"{folder}/{name.partition('-')[0]}-twin.gz.metadata.json"
    s3.copy_object(Bucket=lost.database, Key=twin, CopySource=f"{lost.database}/{key}")

    with pytest.raises(RegisterError, match="two attempts at its last commit"):
        register(lost.lake(), maintained(lost), None, dry_run=False)


def test_other_tables_are_as_they_were(lost: Place) -> None:
    lost.lake().table(IDENTIFIES)

    assert lost.holds("identifies")
