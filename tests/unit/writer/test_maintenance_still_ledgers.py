from datetime import UTC, datetime, timedelta

import pytest

from headwater_writer.maintenance.errors import StepError
from headwater_writer.maintenance.properties import MemoryProperties, Version
from headwater_writer.maintenance.still_ledgers import (
    NOTE,
    STILL_FOR,
    forget_still_ledgers,
)
from headwater_writer.publish.ledger import LATE as LATE_PREFIX
from headwater_writer.publish.ledger import REWOUND as REWOUND_PREFIX
from headwater_writer.publish.ledger import beside, property_name
from unit.writer.builders import SHARD

START = datetime(2026, 1, 31, 13, tzinfo=UTC)
DAY = timedelta(days=1)
LEDGER = property_name("writer", SHARD)
LATE = beside(LEDGER, LATE_PREFIX)
REWOUND = beside(LEDGER, REWOUND_PREFIX)
STILL = f"{NOTE}writer/{SHARD}"
OTHER = property_name("writer", "clicks/shardId-000000000001")


def table(**lists: str) -> MemoryProperties:
    named = {"ledger": LEDGER, "late": LATE, "rewound": REWOUND}
    return MemoryProperties({named[name]: text for name, text in lists.items()} | {"owner": "me"})


def test_keeps_a_ledger_and_notes_its_newest_number() -> None:
    still = table(ledger="1-5,7-9", late="6-6")

    assert forget_still_ledgers(still, START) == {"ledgers_forgotten": 0}

    assert still.properties[LEDGER] == "1-5,7-9"
    assert still.properties[STILL] == f"9 {START.isoformat()}"


def test_changes_nothing_while_nothing_changes() -> None:
    still = table(ledger="1-9")
    forget_still_ledgers(still, START)
    noted = still.properties

    forget_still_ledgers(still, START + DAY)

    assert still.properties is noted


def test_forgets_a_shard_that_was_still_for_long_enough() -> None:
    still = table(ledger="1-5,7-9", late="6-6", rewound="2-3")
    forget_still_ledgers(still, START)

    before = forget_still_ledgers(still, START + STILL_FOR - DAY)
    after = forget_still_ledgers(still, START + STILL_FOR)

    assert (before, after) == ({"ledgers_forgotten": 0}, {"ledgers_forgotten": 1})
    assert still.properties == {"owner": "me"}


@pytest.mark.parametrize("name", [LEDGER, LATE, REWOUND])
def test_counts_anew_from_whatever_new_number_there_is(name: str) -> None:
    moving = table(ledger="1-5", late="2-2", rewound="3-3")
    forget_still_ledgers(moving, START)
    moving.properties = {**moving.properties, name: "6-6"}

    forget_still_ledgers(moving, START + STILL_FOR)

    assert moving.properties[STILL] == f"6 {(START + STILL_FOR).isoformat()}"
    assert LEDGER in moving.properties


def test_forgets_each_shard_by_itself() -> None:
    some = table(ledger="1-5")
    forget_still_ledgers(some, START)
    some.properties = {**some.properties, OTHER: "1-1"}

    forget_still_ledgers(some, START + STILL_FOR)

    assert LEDGER not in some.properties
    assert OTHER in some.properties


def test_fails_where_writers_are_quicker_each_time() -> None:
    class Busy(MemoryProperties):
        def swap(self, _version: Version, _properties: object) -> bool:
            return False

    with pytest.raises(StepError, match="changed under each"):
        forget_still_ledgers(Busy({LEDGER: "1-1"}), START)
