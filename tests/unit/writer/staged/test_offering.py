"""A writer in staged mode waits for the table, and commits by itself if no committer comes."""

import pytest

from headwater_contract.envelope import Entry
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.publish.batch import Published
from headwater_writer.staged.offer import Offer, OfferError
from headwater_writer.staged.offering import COMMITS_ALONE, POLLS
from unit.writer.builders import batch, entry, record, sequences
from unit.writer.staged.offers import OTHER_SHARD, Staged


@pytest.fixture
def staged() -> Staged:
    made = Staged()
    made.meanwhile = made.commit
    return made


def test_a_batch_of_every_table_lands_by_offers(staged: Staged) -> None:
    joined = entry("m-2", "identify", anonymousId="a")
    written = staged.writer().write([record(1, entry("m-1"), joined, Entry(b"{}", refusal="no"))])

    assert written == {
        IDENTIFIES.name: Published(1),
        EVENTS.name: Published(2),
        FAILED_RECORDS.name: Published(1),
    }
    assert not staged.reports


def test_nothing_is_written_before_a_committer_comes(staged: Staged) -> None:
    seen: list[int] = []

    def come_late() -> None:
        seen.append(len(staged.lake.events.rows))
        if len(seen) == 5:
            staged.commit()

    staged.meanwhile = come_late
    staged.writer().write([record(1)])

    assert seen == [0] * 5
    assert sequences(staged.lake.events) == [1]


def test_an_offer_that_is_brought_twice_lands_once(staged: Staged) -> None:
    def commit_twice() -> None:
        staged.offers *= 2
        again = [*staged.offers]
        staged.commit()
        staged.offers = again
        staged.commit()

    staged.meanwhile = commit_twice
    staged.writer().write([record(1)])

    assert sequences(staged.lake.events) == [1]


def test_a_lost_offer_is_committed_by_its_writer(staged: Staged) -> None:
    staged.meanwhile = staged.offers.clear

    assert staged.writer().write([record(1)])[EVENTS.name] == Published(1)

    assert staged.reports == ["no committer took an offer on events"]


def test_a_lost_offer_that_is_found_again_lands_no_more(staged: Staged) -> None:
    kept: list[Offer] = []
    staged.meanwhile = lambda: kept.extend(staged.offers)
    staged.writer().write([record(1)])

    staged.offers = kept
    staged.commit()

    assert sequences(staged.lake.events) == [1]


def test_a_writer_without_a_committer_waits_for_it_seldom(staged: Staged) -> None:
    waited: list[None] = []
    staged.meanwhile = lambda: waited.append(None)
    writer = staged.writer()

    for number in range(1, COMMITS_ALONE + 1):
        writer.write([record(number)])
    assert len(waited) == POLLS

    writer.write([record(COMMITS_ALONE + 1)])
    assert len(waited) == 2 * POLLS
    assert len(staged.lake.events.rows) == COMMITS_ALONE + 1


def test_what_cannot_be_offered_is_committed(
    staged: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_staged: Staged, _offer: Offer) -> None:
        raise OfferError("it is too long")

    monkeypatch.setattr(Staged, "send", refuse)
    staged.writer().write([record(1)])

    assert sequences(staged.lake.events) == [1]
    assert staged.reports == ["it is too long"]


def test_a_batch_that_another_process_writes_meanwhile_is_covered(staged: Staged) -> None:
    def be_overtaken() -> None:
        staged.meanwhile = staged.commit
        staged.lake.writer().write([record(1)])

    staged.meanwhile = be_overtaken
    written = staged.writer().write([record(1)])

    assert written[EVENTS.name] == Published(0, covered=1)
    assert sequences(staged.lake.events) == [1]


def test_a_repeat_of_what_was_written_meanwhile_is_left_out(staged: Staged) -> None:
    def be_overtaken() -> None:
        staged.meanwhile = staged.commit
        staged.lake.writer().write([record(1, entry("same"))])

    staged.meanwhile = be_overtaken
    written = staged.writer().write([record(2, entry("same"))])

    assert written[EVENTS.name] == Published(0, repeats=1)


def test_commits_of_other_shards_do_not_matter(staged: Staged) -> None:
    def be_passed() -> None:
        staged.lake.writer().write([record(1, shard=OTHER_SHARD)])
        staged.commit()

    staged.meanwhile = be_passed
    assert staged.writer().write([record(1)])[EVENTS.name] == Published(1)
    assert len(staged.lake.events.rows) == 2


def test_an_offer_on_what_was_rolled_back_is_decided_again(staged: Staged) -> None:
    publisher = staged.publisher()
    publisher.write(batch(1, 1))
    first = staged.lake.events.metadata.newest
    assert first is not None
    publisher.write(batch(2, 2))

    def be_rolled_back() -> None:
        staged.meanwhile = staged.commit
        staged.lake.events.roll_back(first)

    staged.meanwhile = be_rolled_back
    publisher.write(batch(3, 3))
    publisher.write(batch(2, 2))

    assert sequences(staged.lake.events) == [1, 2, 3]
