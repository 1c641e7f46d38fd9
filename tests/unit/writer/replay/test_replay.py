from collections import Counter

import pytest

from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.publish.memory_table import LostError, Phase, Step
from headwater_writer.replay.outcome import Outcome
from headwater_writer.replay.replay import replay
from headwater_writer.rows.rows import Row, Rules
from headwater_writer.tracking_plan.parse import parse
from headwater_writer.tracking_plan.plan import TrackingPlan
from unit.writer.builders import (
    ENVELOPE,
    SHARD,
    MemoryLake,
    Once,
    body,
    entry,
    failing,
    record,
    sequences,
)

REFUSED = Entry(body(type="identify", messageId="m-1"), refusal="an older contract refused it")
UNSHAPEABLE = Entry(b"{", "track", "m-2")


class StoppedError(Exception):
    """The process has died."""


@pytest.fixture
def lake() -> MemoryLake:
    """Return tables with an event, a message that is accepted by now, and one that is not."""
    lake = MemoryLake()
    lake.writer().write([record(7, entry("m-0"), REFUSED), record(8, UNSHAPEABLE)])
    return lake


def planned(total: str) -> TrackingPlan:
    event = f"{{on_mismatch: fail, properties: {{total: {total}}}}}"
    return parse(f"version: 1\nevents: {{paid: {event}}}".encode())


def failed(lake: MemoryLake) -> list[Row]:
    return lake.stores[FAILED_RECORDS.name].rows


def places(lake: MemoryLake, table: str = "events") -> list[tuple[str, int]]:
    return sorted((row["ingest_sequence"], row["ingest_index"]) for row in lake.stores[table].rows)


def test_publishes_what_is_accepted_by_now_where_it_was(lake: MemoryLake) -> None:
    replay(failed(lake), lake.writer(), dry=False)

    assert places(lake) == [("7", 0), ("7", 1)]
    assert places(lake, "identifies") == [("7", 1)]


def test_says_what_became_of_each_message(lake: MemoryLake) -> None:
    outcome = replay(failed(lake), lake.writer(), dry=False)

    [(reason, count)] = outcome.failing.items()
    assert (outcome.replayed, outcome.already, count) == (1, 0, 1)
    assert reason.startswith("shape: the message cannot be read")


def test_publishes_nothing_twice(lake: MemoryLake) -> None:
    replay(failed(lake), lake.writer(), dry=False)

    outcome = replay(failed(lake), lake.writer(), dry=False)

    assert (outcome.replayed, outcome.already) == (0, 1)
    assert places(lake) == [("7", 0), ("7", 1)]
    assert places(lake, "identifies") == [("7", 1)]


def test_leaves_the_failed_records_as_they_are(lake: MemoryLake) -> None:
    before = failed(lake)

    replay(failed(lake), lake.writer(), dry=False)

    assert failed(lake) == before


def test_only_says_what_it_would_do(lake: MemoryLake) -> None:
    would = replay(failed(lake), lake.writer(), dry=True)

    assert places(lake) == [("7", 0)]
    assert would == replay(failed(lake), lake.writer(), dry=False)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_publishes_once_when_it_is_broken_off(lake: MemoryLake, moment: Phase) -> None:
    broken_off = lake.writer(Once("swap", moment, failing(StoppedError())))
    with pytest.raises(StoppedError):
        replay(failed(lake), broken_off, dry=False)

    replay(failed(lake), lake.writer(), dry=False)

    assert places(lake) == [("7", 0), ("7", 1)]
    assert places(lake, "identifies") == [("7", 1)]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_publishes_once_when_an_answer_is_lost(lake: MemoryLake, moment: Phase) -> None:
    lost = lake.writer(Once("swap", moment, failing(LostError("lost"))))

    replay(failed(lake), lost, dry=False)

    assert places(lake) == [("7", 0), ("7", 1)]


@pytest.mark.parametrize("step", ["head", "search", "stage", "swap"])
def test_publishes_once_what_two_replay_at_once(lake: MemoryLake, step: Step) -> None:
    other = Once(step, "after", lambda: replay(failed(lake), lake.writer(), dry=False))

    replay(failed(lake), lake.writer(other), dry=False)

    assert places(lake) == [("7", 0), ("7", 1)]
    assert places(lake, "identifies") == [("7", 1)]


def test_publishes_a_record_that_can_be_read_by_now() -> None:
    lake = MemoryLake()
    lake.writer().write([ReceivedRecord(SHARD, "7", b"poison")])
    [data] = pack(ENVELOPE, [entry("m-0"), UNSHAPEABLE, entry("m-3")])
    mended = [row | {"raw": data} for row in failed(lake)]

    outcome = replay(mended, lake.writer(), dry=False)

    assert (outcome.replayed, outcome.failing.total()) == (2, 1)
    assert places(lake) == [("7", 0), ("7", 2)]


def test_publishes_once_what_a_client_sent_twice() -> None:
    lake = MemoryLake()
    lake.writer().write([record(7, REFUSED), record(8, REFUSED)])

    outcome = replay(failed(lake), lake.writer(), dry=False)

    assert (outcome.replayed, outcome.already) == (1, 1)
    assert sequences(lake.stores["events"]) == [7]


def test_leaves_the_record_to_nobody_else() -> None:
    lake = MemoryLake()
    lake.writer().write([record(7, REFUSED)])
    replay(failed(lake), lake.writer(), dry=False)
    after_the_fix = record(7, Entry(REFUSED.body, "identify", "m-1"))

    lake.writer().write([after_the_fix])

    assert sequences(lake.stores["events"]) == [7]


@pytest.mark.parametrize(
    ("plan", "replayed"),
    [("{type: double, required: true}", 0), ("string", 1), ("{type: double, column: prop_x}", 0)],
)
def test_judges_by_the_tracking_plan_as_it_is_now(plan: str, replayed: int) -> None:
    lake = MemoryLake(Rules(plan=planned("double")))
    lake.writer().write([record(7, entry(event="paid", properties={"total": "9"}))])
    lake.rules = Rules(plan=planned(plan))

    outcome = replay(failed(lake), lake.writer(), dry=False)

    assert [row["stage"] for row in failed(lake)] == ["plan"]
    assert outcome.replayed == replayed
    assert [row["prop_total"] for row in lake.stores["events"].rows] == ["9"] * replayed
    assert sum(outcome.failing.values()) == 1 - replayed


def test_adds_outcomes_up() -> None:
    one = Outcome(1, 2, 3, Counter({"a": 1}))

    assert one + Outcome(1, failing=Counter({"a": 1, "b": 3})) == Outcome(
        2, 2, 3, Counter({"a": 2, "b": 3})
    )
    assert (one + Outcome()).as_json() == {
        "replayed": 1,
        "already": 2,
        "set_aside": 3,
        "failing": {"a": 1},
    }
