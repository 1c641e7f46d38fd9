"""Offers of many shards become one commit, of those that hold."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from headwater_contract.tables import EVENTS, IDENTIFIES
from headwater_writer.publish.memory_table import LostError, MemoryTable, Watch, unwatched
from headwater_writer.publish.table import CommitError, Head, TableError
from headwater_writer.staged.committer import Committed, Committer
from unit.writer.builders import Nth, Once, batch, entry, failing, record, sequences, state
from unit.writer.staged.offers import OTHER_SHARD, Staged

if TYPE_CHECKING:
    from headwater_writer.staged.offer import Offer

SHARDS = [f"clicks/shardId-{number:012d}" for number in range(32)]


class StillWaitingError(Exception):
    """A writer waits for its offer."""


@pytest.fixture
def staged() -> Staged:
    return Staged(meanwhile=failing(StillWaitingError()))


def offer(staged: Staged, first: int, last: int, *shards: str) -> None:
    """Let writers offer a batch each, and wait."""
    for shard in shards:
        with pytest.raises(StillWaitingError):
            staged.publisher().write(batch(first, last, shard))


def committed(staged: Staged, watch: Watch = unwatched) -> Committed:
    return staged.committer(watch).commit(staged.offers)[EVENTS.name]


def test_all_shards_land_in_one_commit(staged: Staged) -> None:
    offer(staged, 1, 2, *SHARDS)

    assert committed(staged) == Committed(offers=32, landed=32)

    assert len(staged.lake.events.metadata.snapshots) == 1
    assert len(staged.lake.events.rows) == 64
    assert all(str(state(staged.lake.events, shard).claimed) == "1-2" for shard in SHARDS)


def test_two_offers_of_a_shard_are_not_committed_together(staged: Staged) -> None:
    offer(staged, 1, 2, *SHARDS[:1])
    offer(staged, 2, 3, *SHARDS[:2])

    assert committed(staged) == Committed(offers=3, landed=2)

    assert sequences(staged.lake.events) == [1, 2, 2, 3]


def test_an_offer_whose_shard_has_moved_is_left_out(staged: Staged) -> None:
    offer(staged, 1, 2, *SHARDS[:2])
    staged.lake.publisher().write(batch(1, 1, SHARDS[0]))

    assert committed(staged) == Committed(offers=2, landed=1)

    assert sequences(staged.lake.events) == [1, 1, 2]


def test_nothing_is_committed_if_no_offer_holds(staged: Staged) -> None:
    offer(staged, 1, 1, *SHARDS[:1])
    staged.lake.publisher().write(batch(1, 1, SHARDS[0]))

    assert committed(staged) == Committed(offers=1, landed=0)

    assert len(staged.lake.events.metadata.snapshots) == 1


def test_offers_that_are_overtaken_before_the_commit_are_dropped_from_it(staged: Staged) -> None:
    offer(staged, 1, 2, *SHARDS[:3])
    overtake = partial(staged.lake.publisher().write, batch(1, 2, SHARDS[1]))

    assert committed(staged, Once("swap", "before", overtake)) == Committed(offers=3, landed=2)

    assert sequences(staged.lake.events) == [1, 1, 1, 2, 2, 2]


def test_a_commit_whose_answer_is_lost_is_not_made_again(staged: Staged) -> None:
    offer(staged, 1, 1, *SHARDS[:2])

    assert committed(staged, Nth("swap", "after", 1, failing(LostError("lost")))).landed == 2

    assert len(staged.lake.events.metadata.snapshots) == 1


def test_two_committers_with_the_same_offers_commit_them_once(staged: Staged) -> None:
    offer(staged, 1, 1, *SHARDS)
    other = partial(staged.committer().commit, [*staged.offers])

    assert committed(staged, Once("swap", "before", other)) == Committed(offers=32, landed=0)

    assert len(staged.lake.events.rows) == 32


def test_an_offer_whose_files_cannot_be_read_is_passed_over_alone(staged: Staged) -> None:
    offer(staged, 1, 2, *SHARDS[:3])
    staged.offers[1] = replace(staged.offers[1], files="poison")

    assert committed(staged) == Committed(offers=3, landed=2)

    assert staged.reports == ["an offer's files cannot be read: it is 'poison'"]
    assert sequences(staged.lake.events) == [1, 1, 2, 2]


@pytest.mark.parametrize("files", ["", {}, [], 0, False])
def test_an_offer_that_lists_no_files_is_passed_over(staged: Staged, files: object) -> None:
    offer(staged, 1, 2, *SHARDS[:1])
    staged.offers = [replace(staged.offers[0], files=files)]

    assert committed(staged) == Committed(offers=1, landed=0)

    assert len(staged.reports) == 1
    assert not staged.lake.events.metadata.snapshots


def test_files_of_an_offer_that_does_not_hold_are_not_read(staged: Staged) -> None:
    offer(staged, 1, 1, *SHARDS[:1])
    staged.lake.publisher().write(batch(1, 1, SHARDS[0]))
    staged.offers = [replace(staged.offers[0], files="poison")]

    assert committed(staged) == Committed(offers=1, landed=0)

    assert not staged.reports


def test_an_offer_that_came_twice_is_committed_once(staged: Staged) -> None:
    offer(staged, 1, 2, *SHARDS[:1])
    staged.offers *= 2

    assert committed(staged) == Committed(offers=2, landed=1)

    assert sequences(staged.lake.events) == [1, 2]


def test_an_offer_changes_what_the_table_says_of_its_own_shard_alone(staged: Staged) -> None:
    publisher = staged.lake.publisher()
    for number in (1, 2):
        publisher.write(batch(number, number))
    [first, _] = staged.lake.events.metadata.snapshots
    staged.lake.events.roll_back(first)
    offer(staged, 1, 1, OTHER_SHARD)
    staged.lake.publisher().write(batch(2, 3))

    # The offer was made with a note of the rollback for the first shard too.
    assert committed(staged).landed == 1
    assert str(state(staged.lake.events).claimed) == "1-1,2-3"


def test_an_offer_on_another_table_of_the_name_does_not_hold(
    staged: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(staged, 1, 1, *SHARDS[:1])
    monkeypatch.setattr("headwater_writer.publish.memory_table.MemoryTable.identity", _another)

    assert committed(staged) == Committed(offers=1, landed=0)


class Broken(MemoryTable):
    """A table that cannot be read."""

    def head(self) -> Head:
        raise TableError("it cannot be read")


def test_a_table_that_fails_keeps_no_other_from_its_offers(staged: Staged) -> None:
    with pytest.raises(StillWaitingError):
        staged.writer().write([record(1, entry("m-1", "identify", anonymousId="a"))])
    offer(staged, 1, 1, OTHER_SHARD)
    tables = staged.tables()
    tables[IDENTIFIES.name] = Broken(staged.lake.stores[IDENTIFIES.name], IDENTIFIES)

    with pytest.raises(TableError):
        Committer(tables, lambda _: None, lambda _: None).commit(staged.offers)

    assert sequences(staged.lake.events) == [1]


def _another(*_: object) -> str:
    return "another"


def test_a_writer_is_told_that_its_offer_cannot_land(staged: Staged) -> None:
    seen: list[Offer] = []

    def be_overtaken() -> None:
        seen.extend(staged.offers)
        staged.meanwhile = failing(CommitError("enough"))
        staged.lake.publisher().write(batch(1, 1))

    staged.meanwhile = be_overtaken
    staged.publisher().write(batch(1, 1))

    assert len(seen) == 1
    assert len(staged.offers) == 1
