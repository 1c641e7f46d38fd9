"""A row lands once whatever comes twice, late, at the same time or in another order."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer.maintenance.report import TableReport
from headwater_writer.maintenance.schedule import NAMES
from headwater_writer.publish.batch import Published
from headwater_writer.publish.repeats import WINDOW
from headwater_writer.writer import Writer
from integration.writer.batches import OTHER_SHARD, poison, records, written
from integration.writer.faults import Noting, overtaken
from integration.writer.interceptor import Interceptor
from integration.writer.marks import SPARK
from integration.writer.place import Place, on_the_wall
from integration.writer.test_maintenance import DAYS_LATER, keep_snapshots, maintain
from unit.writer.builders import entry, record

pytestmark = SPARK


def test_writes_a_batch_once_that_comes_again(place: Place) -> None:
    everything = [record(number, entry(f"m-{number}", "identify")) for number in (1, 2, 3)]
    everything += poison(4)
    place.writer().write(everything)

    again = place.writer().write(everything)

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
    writer = place.writer()

    for first, last in deliveries:
        writer.write(records(first, last))

    last = max(last for _, last in deliveries)
    assert place.sequences("events") == list(range(1, last + 1))


def test_a_zombie_adds_nothing_to_what_was_written_before_its_commit(
    place: Place, wire: Interceptor
) -> None:
    zombie = overtaken(place, wire, lambda: place.writer().write(records(1, 3)))

    outcome = written(zombie, records(1, 3))

    assert outcome == Published(0, covered=3)
    assert place.sequences("events") == [1, 2, 3]


def test_a_zombie_adds_what_is_missing_of_what_was_written_before_its_commit(
    place: Place, wire: Interceptor
) -> None:
    zombie = overtaken(place, wire, lambda: place.writer().write(records(2, 3)))

    outcome = written(zombie, records(1, 4))

    assert outcome == Published(2, covered=2)
    assert place.sequences("events") == [1, 2, 3, 4]


def test_a_commit_overtaken_by_another_shard_lands_with_the_same_files(
    place: Place, wire: Interceptor
) -> None:
    other = place.writer()
    writer = overtaken(place, wire, lambda: other.write(records(7, 9, OTHER_SHARD)))
    noting = wire.script = Noting(wire.script)

    written(writer, records(1, 3))

    assert place.sequences("events") == [1, 2, 3, 7, 8, 9]
    assert noting.count(lambda request: request.is_data_of("events")) == 1


def test_writes_with_eight_writers_and_a_zombie_of_each_while_maintained(place: Place) -> None:
    place.lake().tables()
    keep_snapshots(place, 1)
    shards = [f"clicks/shardId-{number:012}" for number in range(4)]

    def run(shard: str) -> None:
        writer = place.writer()
        for first in (1, 4, 7, 10):
            give_until_written(writer, records(first, first + 2, shard))

    with ThreadPoolExecutor(max_workers=8) as pool:
        running = [pool.submit(run, shard) for shard in shards * 2]
        reports = [*maintained_while(place, lambda: not all(each.done() for each in running))]
        for each in running:
            each.result()

    done = {step.step for report in reports for step in report.steps if step.outcome == "done"}
    assert done == set(NAMES)
    assert place.sequences("events") == sorted(list(range(1, 13)) * len(shards))


def give_until_written(writer: Writer, batch: Sequence[ReceivedRecord]) -> None:
    """Give a batch again if it fails, as a mapping does.

    It may, as snapshots expire here the moment that there is a newer one: what the writer reads of
    the one that it decides on may be gone.
    """
    for _ in range(20):
        with suppress(Py4JJavaError, PySparkException):
            writer.write(batch)
            return
    pytest.fail("the batch failed each time")


def maintained_while(place: Place, is_due: Callable[[], bool]) -> Iterator[TableReport]:
    """Do every step of maintenance in turn, as a worker does them, again and again."""
    while is_due():
        # In the future more expires, and in the present nothing that is staged is old.
        yield maintain(place, at=DAYS_LATER, wanted=["compaction", "expiry"])
        yield maintain(place, wanted=["repeats", "manifests", "orphans", "ledgers"])


def test_drops_repeats_of_earlier_batches_and_of_other_writers(place: Place) -> None:
    first, second = place.writer(), place.writer()
    written(first, [record(1, entry("a"))])

    of_its_own = written(first, [record(2, entry("a")), record(3, entry("b"))])
    of_another = written(second, [record(4, entry("b")), record(5, entry("c"))])

    assert of_its_own == of_another == Published(1, repeats=1)
    assert place.sequences("events") == [1, 3, 5]


def test_takes_an_event_for_a_new_one_when_the_window_is_over(place: Place) -> None:
    for number, margin in ((1, -timedelta(minutes=1)), (2, timedelta(minutes=1))):
        then = on_the_wall() - WINDOW + margin
        place.writer(now=partial(datetime.replace, then)).write([record(number)])

    outcome = written(place.writer(), [record(3, entry("m-1")), record(4, entry("m-2"))])

    assert outcome == Published(written=1, repeats=1)
    assert place.sequences("events") == [1, 2, 3]


def test_keeps_messages_that_share_an_id_and_say_different_things(place: Place) -> None:
    said = [
        entry("7", event="Order Placed", userId="alice"),
        entry("7", event="Order Refunded", userId="bob"),
        entry("7", "identify", userId="carol"),
    ]

    outcome = place.writer().write([record(1, *said), record(2, *said)])
    again = written(place.writer(), [record(3, *said)])
    maintain(place, wanted=["repeats"])

    assert outcome == {"events": Published(3, repeats=3), "identifies": Published(1, repeats=1)}
    assert again == Published(0, repeats=3)
    held = place.rows("events").sort_by("event_type").to_pylist()
    assert [(row["event_id"], row["event_type"], row["user_id"]) for row in held] == [
        ("7", "Order Placed", "alice"),
        ("7", "Order Refunded", "bob"),
        ("7", "identify", "carol"),
    ]
