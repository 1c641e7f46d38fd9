"""The ledger and the rows outlive Iceberg's maintenance, and maintenance does not stop a commit."""

import pytest

from headwater_contract.tables import EVENTS
from headwater_writer.ledger import Range, Ranges
from headwater_writer.publish import CommitConflictError, CommitUnknownError, Published, publish
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.test_exactly_once import batch
from unit.writer.builders import SHARD

pytestmark = SPARK


def test_knows_a_batch_after_compaction_and_expiry(place: Place) -> None:
    table = place.lake().table(EVENTS)
    for first in (1, 4, 7):
        publish(table, batch(first, first + 2))
    place.compact("events")
    place.expire_snapshots("events")
    assert len(place.table("events").metadata.snapshots) == 1
    assert place.table("events").inspect.files().num_rows == 1

    assert publish(place.lake().table(EVENTS), batch(1, 9)) == Published(written=0, covered=9)
    assert place.sequences("events") == list(range(1, 10))


def test_commits_on_top_of_a_compaction(place: Place) -> None:
    table = place.lake().table(EVENTS)
    publish(table, batch(1, 3))
    publish(table, batch(4, 6))
    head, staged = table.head(SHARD), table.stage(batch(7, 9).rows)
    place.compact("events")

    table.commit(staged, head, SHARD, Range(7, 9))

    assert place.sequences("events") == list(range(1, 10))
    assert table.head(SHARD).ranges == Ranges((Range(1, 3), Range(4, 6), Range(7, 9)))


def test_decides_again_where_the_snapshot_it_decided_on_expired(place: Place) -> None:
    table = place.lake().table(EVENTS)
    publish(table, batch(1, 3))
    publish(table, batch(4, 6))
    head, staged = table.head(SHARD), table.stage(batch(7, 9).rows)
    place.compact("events")
    place.expire_snapshots("events")

    # The manifests of that snapshot are gone too, and may be missed before the fence is asked.
    with pytest.raises((CommitConflictError, CommitUnknownError)):
        table.commit(staged, head, SHARD, Range(7, 9))

    assert publish(table, batch(7, 9)) == Published(written=3)
    assert place.sequences("events") == list(range(1, 10))
