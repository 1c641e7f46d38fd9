"""A row lands once whatever comes twice, late, at the same time or in another order."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from headwater_writer.ledger import Range
from headwater_writer.repeats import WINDOW

from headwater_contract.tables import EVENTS
from headwater_writer.decode import ReceivedRecord
from headwater_writer.maintenance.report import TableReport
from headwater_writer.maintenance.steps import NAMES
from headwater_writer.publish import CommitConflictError, Published, ShardRows, publish
from headwater_writer.rows import Row, Rules
from headwater_writer.writer import Writer, rows_of
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.test_maintenance import DAYS_LATER, keep_snapshots, maintain
from unit.writer.builders import SHARD, entry, now, record

pytestmark = SPARK

OTHER_SHARD = "clicks/shardId-000000000001"


def rows(*records: ReceivedRecord, age: timedelta = timedelta()) -> Sequence[Row]:
    """Return the events of records that were written some time ago, by the clock on the wall."""
    return rows_of(records, Rules(), datetime.now(UTC) - age)["events"]


def batch(first: int, last: int, shard: str = SHARD) -> ShardRows:
    """Return the rows of one event in every record, with ids that no other shard has."""
    records = [
        record(number, entry(f"{shard}-{number}"), shard=shard) for number in range(first, last + 1)
    ]
    return ShardRows(shard, Range(first, last), rows(*records))


def test_writes_a_batch_once_that_comes_again(place: Place) -> None:
    everything = [record(number, entry(f"m-{number}", "identify")) for number in (1, 2, 3)]
    everything.append(ReceivedRecord(SHARD, "4", b"poison"))
    Writer(place.lake().tables(), Rules(), now).write(everything)

    again = Writer(place.lake().tables(), Rules(), now).write(everything)

    assert {name: outcome.written for name, outcome in again.items()} == dict.fromkeys(again, 0)
    assert place.sequences("events") == [1, 2, 3]
    assert place.sequences("identifies") == [1, 2, 3]
    assert place.sequences("failed_records") == [4]


@pytest.mark.parametrize(
    "deliveries",
    [
        [(1, 2), (3, 4), (1, 4)],
        [(3, 4), (1, 2), (1, 4)],
        [(2, 3), (1, 4), (3, 6)],
    ],
)
def test_writes_a_bisected_batch_once_in_any_order(
    place: Place, deliveries: list[tuple[int, int]]
) -> None:
    table = place.lake().table(EVENTS)

    for first, last in deliveries:
        publish(table, batch(first, last))

    last = max(last for _, last in deliveries)
    assert place.sequences("events") == list(range(1, last + 1))


def test_refuses_a_zombies_commit_inside_the_commit(place: Place) -> None:
    zombie, writer = place.lake().table(EVENTS), place.lake().table(EVENTS)
    head, staged = zombie.head(SHARD), zombie.stage(batch(1, 3).rows)
    publish(writer, batch(1, 3))

    with pytest.raises(CommitConflictError, match="ledger moved"):
        zombie.commit(staged, head, SHARD, Range(1, 3))

    assert publish(zombie, batch(1, 3)) == Published(written=0, covered=3)
    assert place.sequences("events") == [1, 2, 3]


def test_commits_on_top_of_another_shard(place: Place) -> None:
    late, writer = place.lake().table(EVENTS), place.lake().table(EVENTS)
    head, staged = late.head(SHARD), late.stage(batch(1, 3).rows)
    publish(writer, batch(7, 9, OTHER_SHARD))

    late.commit(staged, head, SHARD, Range(1, 3))

    assert place.sequences("events") == [1, 2, 3, 7, 8, 9]


def test_uses_its_files_again_after_a_refused_commit(place: Place) -> None:
    zombie = place.lake().table(EVENTS)
    publish(zombie, batch(1, 1))
    head, staged = zombie.head(SHARD), zombie.stage(batch(4, 6).rows)
    publish(place.lake().table(EVENTS), batch(2, 3))
    with pytest.raises(CommitConflictError):
        zombie.commit(staged, head, SHARD, Range(4, 6))

    zombie.commit(staged, zombie.head(SHARD), SHARD, Range(4, 6))

    assert place.sequences("events") == [1, 2, 3, 4, 5, 6]


def test_writes_with_eight_writers_and_a_zombie_of_each_while_maintained(place: Place) -> None:
    place.lake().table(EVENTS)
    keep_snapshots(place, 1)
    shards = [f"clicks/shardId-{number:012}" for number in range(4)]

    def run(shard: str) -> None:
        table = place.lake().table(EVENTS)
        for first in (1, 4, 7, 10):
            publish(table, batch(first, first + 2, shard))

    with ThreadPoolExecutor(max_workers=8) as pool:
        running = [pool.submit(run, shard) for shard in shards * 2]
        reports = [*maintained_while(place, lambda: not all(each.done() for each in running))]
        for each in running:
            each.result()

    done = {step.step for report in reports for step in report.steps if step.outcome == "done"}
    assert done == set(NAMES)
    assert place.sequences("events") == sorted(list(range(1, 13)) * len(shards))


def maintained_while(place: Place, is_due: Callable[[], bool]) -> Iterator[TableReport]:
    """Do every step of maintenance in turn, as a worker does them, again and again."""
    while is_due():
        # In the future more expires, and in the present nothing that is staged is old.
        yield maintain(place, at=DAYS_LATER, wanted=["compaction", "expiry"])
        yield maintain(place, wanted=["repeats", "manifests", "orphans", "ledgers"])


def test_drops_repeats_of_earlier_batches_and_of_other_writers(place: Place) -> None:
    first, second = place.lake().table(EVENTS), place.lake().table(EVENTS)
    publish(first, ShardRows(SHARD, Range(1, 1), rows(record(1, entry("a")))))
    repeat = rows(record(2, entry("a")), record(3, entry("b")))
    repeat_again = rows(record(4, entry("b")), record(5, entry("c")))

    assert publish(first, ShardRows(SHARD, Range(2, 3), repeat)) == Published(1, repeats=1)
    assert publish(second, ShardRows(SHARD, Range(4, 5), repeat_again)) == Published(1, repeats=1)
    assert place.sequences("events") == [1, 3, 5]


def test_takes_an_event_for_a_new_one_when_the_window_is_over(place: Place) -> None:
    old = rows(record(1, entry("a")), age=WINDOW + timedelta(minutes=1))
    recent = rows(record(2, entry("b")), age=WINDOW - timedelta(minutes=1))
    publish(place.lake().table(EVENTS), ShardRows(SHARD, Range(1, 2), [*old, *recent]))
    again = rows(record(3, entry("a")), record(4, entry("b")))

    outcome = publish(place.lake().table(EVENTS), ShardRows(SHARD, Range(3, 4), again))

    assert outcome == Published(written=1, repeats=1)
    assert place.sequences("events") == [1, 2, 3]
