"""Old records are dropped, and a reader's next one is found, without a look at each record."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from headwater_local.ministack.record_search import bisecting, dropping_expired

HOUR = 3600.0
MANY = 100_000


class Record(dict[str, Any]):
    """A record that counts how often it is looked at."""

    looks = 0

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- as it is
        Record.looks += 1
        return super().__getitem__(name)


@pytest.fixture(autouse=True)
def nothing_was_looked_at() -> None:
    Record.looks = 0


def record(arrival: float, number: int = 0) -> Record:
    return Record(ApproximateArrivalTimestamp=arrival, SequenceNumber=f"{number:08}")


def stream(**arrivals: Sequence[float]) -> dict[str, Any]:
    """Return one that keeps records for a day."""
    shards = {shard: {"records": [*map(record, each)]} for shard, each in arrivals.items()}
    return {"RetentionPeriodHours": 24, "shards": shards}


def linear(
    records: Sequence[Mapping[str, Any]], _kind: str, number: str | None, _at: object
) -> int:
    after = [each["SequenceNumber"] > (number or "") for each in records]
    return [*after, True].index(True)


def test_each_shard_keeps_what_arrived_within_its_retention() -> None:
    kept = stream(one=[0.0, HOUR, HOUR, 2 * HOUR], two=[0.5 * HOUR], three=[])

    dropping_expired(lambda: 25 * HOUR)(kept)

    assert {name: [*map(arrival, shard["records"])] for name, shard in kept["shards"].items()} == {
        "one": [HOUR, HOUR, 2 * HOUR],
        "two": [],
        "three": [],
    }


def arrival(kept: Record) -> float:
    return float(kept["ApproximateArrivalTimestamp"])


def test_what_is_kept_is_not_looked_at_one_by_one() -> None:
    kept = stream(one=range(MANY))

    dropping_expired(lambda: 25 * HOUR)(kept)

    assert len(kept["shards"]["one"]["records"]) == MANY - HOUR
    assert Record.looks < 20


@pytest.mark.parametrize("number", ["00000000", "00000001", "00000004", "00000005", "00000009"])
def test_a_reader_goes_on_where_it_did(number: str) -> None:
    records = [record(0, each) for each in (1, 3, 4, 5, 5, 8)]
    asked = (records, "AFTER_SEQUENCE_NUMBER", number, None)

    assert bisecting(linear)(*asked) == linear(*asked)


def test_a_reader_looks_at_few_of_the_records_before() -> None:
    records = [record(0, number) for number in range(MANY)]

    assert bisecting(linear)(records, "AFTER_SEQUENCE_NUMBER", f"{MANY - 2:08}", None) == MANY - 1
    assert Record.looks < 20


def test_where_else_a_reader_may_start_is_the_stand_ins_affair() -> None:
    assert bisecting(lambda *_: 7)([], "LATEST", None, None) == 7
