"""Each message is in one table once, whatever is deployed or lost between two tries of a batch."""

from typing import Final

import pytest

from headwater_contract.columns import Table
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.maintenance.rewind import rewind
from headwater_writer.publish.table import TableError
from headwater_writer.rows.rows import Rules
from headwater_writer.tracking_plan.parse import parse
from integration.writer.batches import poison
from integration.writer.faults import Outage, catalog_through
from integration.writer.interceptor import Interceptor, pass_on
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.test_maintenance import maintained
from unit.writer.builders import RULES, entry, record

pytestmark = SPARK

STRICT: Final = Rules(
    plan=parse(b"version: 1\nevents: {paid: {on_mismatch: fail, properties: {total: double}}}")
)
STRICTER: Final = Rules(
    plan=parse(
        b"version: 1\nevents:\n"
        b"  paid: {on_mismatch: fail, properties: {total: double}}\n"
        b"  left: {on_mismatch: fail, properties: {why: {type: string, required: true}}}\n"
    )
)


def batch(at: int) -> list[ReceivedRecord]:
    """Return four records from a position on, of which the rules let different ones fail."""
    return [
        *poison(at),
        record(at + 1, entry(f"m-{at + 1}", event="paid", properties={"total": "x"})),
        record(at + 2, entry(f"m-{at + 2}", "identify")),
        record(at + 3, entry(f"m-{at + 3}", event="left")),
    ]


DEATHS: Final = (
    ("identifies", False),
    ("events", False),
    ("events", True),
    ("failed_records", False),
    ("failed_records", True),
)
"""The commits with which a writer's life ends, and whether they land."""


def die(place: Place, wire: Interceptor, rules: Rules, name: str, *, lands: bool) -> None:
    """Write the batch with a writer whose life ends at its first commit to a table."""
    wire.script = pass_on
    writer = place.writer(rules, catalog=catalog_through(place, wire))
    wire.script = Outage(lands=lands, kind=lambda request: request.is_commit_to(name))
    with pytest.raises(TableError):
        writer.write(batch(1))


def everything(place: Place) -> list[int]:
    """Return the positions of the rows that a message is one of."""
    return sorted(place.sequences("events") + place.sequences("failed_records"))


@pytest.mark.parametrize(
    ("first", "then"), [(RULES, STRICTER), (STRICTER, RULES)], ids=["stricter", "looser"]
)
@pytest.mark.parametrize("lands", [False, True])
def test_a_batch_whose_writer_died_is_whole_under_other_rules(
    place: Place, wire: Interceptor, first: Rules, then: Rules, *, lands: bool
) -> None:
    die(place, wire, first, "events", lands=lands)

    place.writer(then).write(batch(1))

    assert everything(place) == [1, 2, 3, 4]
    assert place.sequences("identifies") == [3]


def test_a_batch_is_whole_if_every_try_dies_elsewhere_under_other_rules(
    place: Place, wire: Interceptor
) -> None:
    for number, (name, lands) in enumerate(DEATHS):
        die(place, wire, (RULES, STRICT, STRICTER)[number % 3], name, lands=lands)

    place.writer(RULES).write(batch(1))

    assert everything(place) == [1, 2, 3, 4]
    assert place.sequences("identifies") == [3]


@pytest.mark.parametrize(
    ("table", "first", "then"),
    [(EVENTS, RULES, STRICTER), (EVENTS, STRICTER, RULES), (FAILED_RECORDS, STRICTER, RULES)],
    ids=["events, stricter", "events, looser", "failed_records, looser"],
)
def test_a_rewound_table_gets_each_message_again_under_other_rules(
    place: Place, table: Table, first: Rules, then: Rules
) -> None:
    place.writer().write(batch(1))
    there = place.snapshots(table.name)[-1]
    place.writer(first).write(batch(11))

    rewind(maintained(place, table), there, dry_run=False)
    for at in (1, 11):
        place.writer(then).write(batch(at))

    assert everything(place) == [1, 2, 3, 4, 11, 12, 13, 14]
    assert place.sequences("identifies") == [3, 13]
