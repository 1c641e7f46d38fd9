from datetime import UTC, datetime, timedelta

import pytest

from headwater_writer.maintenance.errors import StepError
from headwater_writer.maintenance.properties import MemoryProperties, Version
from headwater_writer.maintenance.steps.ledgers import (
    LONGEST_RETRY,
    MARGIN,
    NOTE,
    forget_idle,
)
from headwater_writer.publish.ledger import LATE as LATE_PREFIX
from headwater_writer.publish.ledger import REWOUND as REWOUND_PREFIX
from headwater_writer.publish.ledger import beside, property_name
from headwater_writer.settings import LONGEST_RETENTION
from unit.writer.builders import SHARD

START = datetime(2026, 1, 31, 13, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEDGER = property_name("writer", SHARD)
LATE = beside(LEDGER, LATE_PREFIX)
REWOUND = beside(LEDGER, REWOUND_PREFIX)
STILL = f"{NOTE}writer/{SHARD}"
OTHER = property_name("writer", "clicks/shardId-000000000001")


def table(**lists: str) -> MemoryProperties:
    named = {"ledger": LEDGER, "late": LATE, "rewound": REWOUND}
    return MemoryProperties({named[name]: text for name, text in lists.items()} | {"owner": "me"})


def forget(
    properties: MemoryProperties, now: datetime, retention: timedelta = DAY
) -> tuple[int, int]:
    """Return how many ledgers were forgotten and how many gaps closed."""
    counts = forget_idle(properties, now, retention + MARGIN)
    return counts["ledgers_forgotten"], counts["gaps_closed"]


def test_keeps_a_ledger_and_notes_its_newest_number() -> None:
    still = table(ledger="1-5,7-9", late="6-6")

    assert forget(still, START) == (0, 0)

    assert still.properties[LEDGER] == "1-5,7-9"
    assert still.properties[STILL] == f"9 {START.isoformat()}"


def test_changes_nothing_while_nothing_changes() -> None:
    still = table(ledger="1-9")
    forget(still, START)
    noted = still.properties

    forget(still, START + DAY)

    assert still.properties is noted


@pytest.mark.parametrize("retention", [DAY, 7 * DAY, 30 * DAY, LONGEST_RETENTION])
def test_forgets_a_shard_whose_records_have_all_left_the_stream(retention: timedelta) -> None:
    still = table(ledger="1-5,7-9", late="6-6", rewound="2-3")
    forget(still, START, retention)

    before, _ = forget(still, START + retention + MARGIN - HOUR, retention)
    kept = LEDGER in still.properties
    after, _ = forget(still, START + retention + MARGIN, retention)

    assert (before, kept, after) == (0, True, 1)
    assert still.properties == {"owner": "me"}


def test_closes_gaps_that_the_mapping_cannot_come_back_to() -> None:
    still = table(ledger="1-5,7-9,12-12", late="3-3,6-6", rewound="2-2")
    forget(still, START, 30 * DAY)
    closed_at = START + LONGEST_RETRY + MARGIN

    before = forget(still, closed_at - HOUR, 30 * DAY)
    gaps_before = still.properties[LEDGER], still.properties[LATE]
    after = forget(still, closed_at, 30 * DAY)

    assert (before, after) == ((0, 0), (0, 3))
    assert gaps_before == ("1-5,7-9,12-12", "3-3,6-6")
    assert still.properties[LEDGER] == "1-12"
    assert still.properties[LATE] == "3-6"
    assert still.properties[REWOUND] == "2-2"


def test_leaves_gaps_open_for_as_long_as_a_mapping_may_try() -> None:
    maximum_record_age = timedelta(seconds=604_800)

    assert maximum_record_age <= LONGEST_RETRY


def test_keeps_a_year_of_ledgers_if_the_retention_is_not_known() -> None:
    still = table(ledger="1-9")
    forget_idle(still, START)

    forget_idle(still, START + timedelta(days=371))
    kept = LEDGER in still.properties
    forget_idle(still, START + timedelta(days=372))

    assert kept
    assert LEDGER not in still.properties


def test_allows_for_days_between_the_last_delivery_and_its_commit() -> None:
    frozen_lambda, clocks = timedelta(days=1), timedelta(hours=2)

    assert frozen_lambda + clocks < MARGIN
    assert timedelta(days=7) == MARGIN


@pytest.mark.parametrize("name", [LEDGER, LATE, REWOUND])
def test_starts_over_after_any_new_number(name: str) -> None:
    moving = table(ledger="1-5", late="2-2", rewound="3-3")
    forget(moving, START)
    moving.properties = {**moving.properties, name: "6-6"}

    forget(moving, START + 30 * DAY)

    assert moving.properties[STILL] == f"6 {(START + 30 * DAY).isoformat()}"
    assert LEDGER in moving.properties


@pytest.mark.parametrize(
    "note",
    [
        "",
        "9",
        "nine 2020-01-01T00:00:00+00:00",
        "9 long ago",
        "9 2020-01-01T00:00:00",
        f"9 {(START + 1000 * DAY).isoformat()}",
    ],
)
def test_ignores_a_note_that_is_not_valid(note: str) -> None:
    edited = table(ledger="1-9")
    edited.properties = {**edited.properties, STILL: note}

    assert forget(edited, START) == (0, 0)

    assert edited.properties[STILL] == f"9 {START.isoformat()}"


def test_drops_the_note_of_a_shard_without_lists() -> None:
    edited = MemoryProperties({STILL: f"9 {START.isoformat()}", "owner": "me"})

    forget(edited, START)

    assert edited.properties == {"owner": "me"}


def test_forgets_each_shard_by_itself() -> None:
    some = table(ledger="1-5")
    forget(some, START)
    some.properties = {**some.properties, OTHER: "1-1"}

    forget(some, START + 30 * DAY)

    assert LEDGER not in some.properties
    assert OTHER in some.properties


@pytest.mark.parametrize("text", ["1-5,7-", "1-5,7", "9-1", "all", "1-5;7-9"])
def test_leaves_a_truncated_list_alone_and_says_so(text: str) -> None:
    edited = MemoryProperties({LEDGER: text, OTHER: "1-1,3-3"})
    with pytest.raises(StepError):
        forget(edited, START)

    with pytest.raises(StepError, match=f"cannot read .*{LEDGER}, which is '{text}'"):
        forget(edited, START + 30 * DAY)

    assert edited.properties == {LEDGER: text}


def test_fails_if_others_change_the_properties_at_each_attempt() -> None:
    class Busy(MemoryProperties):
        def swap(self, _version: Version, _properties: object) -> bool:
            return False

    with pytest.raises(StepError, match="others changed the properties at each"):
        forget(Busy({LEDGER: "1-1"}), START)
