"""What of the failed records that were decided on is still to follow."""

import pytest

from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.publish.batch import Batch
from headwater_writer.publish.failed import decide_barred, decide_failed
from headwater_writer.publish.ledger import property_name
from headwater_writer.publish.memory_table import LostError, MemoryTable, Phase, Step
from headwater_writer.publish.settle import Decision, PublishError, Settler
from headwater_writer.publish.table import Head
from headwater_writer.publish.work import IN_ORDER, Work
from unit.writer.builders import (
    GROUP,
    NOW,
    SHARD,
    MemoryLake,
    Once,
    batch,
    batch_of,
    failed_row,
    row,
    sequences,
)

LEDGER = property_name(GROUP, SHARD)
FAILING = [failed_row(5), failed_row(6, 1)]
BATCH = batch_of(row(4), failed=FAILING)


@pytest.fixture
def lake() -> MemoryLake:
    """Return tables with an earlier batch, and one whose failed records are still to follow."""
    lake = MemoryLake()
    lake.publisher().write(batch(1, 3))

    def lose(step: Step, _moment: Phase) -> None:
        if step == "swap" and len(lake.events.rows) > 3:
            raise LostError("the storage is away")

    with pytest.raises(PublishError):
        lake.publisher(lose).write(BATCH)
    return lake


def decided(lake: MemoryLake, of: Batch = BATCH) -> Decision:
    events, failed = tables(lake)
    work = Work(of, IN_ORDER, LEDGER, NOW, failed)
    head = failed.head()
    return decide_failed(work, events, events.head(), of.rows[FAILED_RECORDS.name], head)


def tables(lake: MemoryLake) -> tuple[MemoryTable, MemoryTable]:
    return MemoryTable(lake.events, EVENTS), MemoryTable(lake.failed, FAILED_RECORDS)


def test_failed_records_follow_that_are_pending(lake: MemoryLake) -> None:
    assert decided(lake).rows == FAILING


def test_failed_records_that_are_there_do_not_follow_again(lake: MemoryLake) -> None:
    lake.publisher().write(BATCH)

    assert decided(lake).rows == []
    assert not decided(lake).is_due


def test_failed_records_that_are_there_in_part_follow_with_the_rest(lake: MemoryLake) -> None:
    lake.publisher().write(batch_of(failed=FAILING[:1]))

    assert decided(lake).rows == FAILING[1:]


@pytest.mark.parametrize("foreign", [False, True])
def test_failed_records_of_an_undone_decision_do_not_follow(
    lake: MemoryLake, foreign: bool
) -> None:
    """Whoever gives the batch again may be about to make events of their messages."""
    first = min(lake.events.metadata.snapshots)
    (lake.events.roll_back if foreign else lake.events.rewind)(first)

    assert decided(lake).rows == []


def test_failed_records_follow_if_nobody_says_that_they_are_pending(lake: MemoryLake) -> None:
    """Their span was closed over by others, and taken off the list with it."""
    pending = {LEDGER.replace("ledger", "pending"): ""}
    lake.events.metadata = lake.events.metadata.with_properties(pending)

    assert decided(lake).rows == FAILING


def test_bar_lets_nothing_land_that_was_decided_on_before(lake: MemoryLake) -> None:
    events, failed = tables(lake)
    work = Work(BATCH, IN_ORDER, LEDGER, NOW, failed)
    decisions: list[Decision] = []

    def bar() -> None:
        other = MemoryTable(lake.failed, FAILED_RECORDS)
        Settler(other, lambda _: None).settle(other.head(), lambda head: decide_barred(work, head))
        lake.events.rewind(min(lake.events.metadata.snapshots))

    def decide(head: Head) -> Decision:
        decisions.append(decide_failed(work, events, events.head(), FAILING, head))
        return decisions[-1]

    following = MemoryTable(lake.failed, FAILED_RECORDS, Once("swap", "before", bar))
    Settler(following, lambda _: None).settle(following.head(), decide)

    assert [list(each.rows) for each in decisions] == [FAILING, []]
    assert sequences(lake.failed) == []
