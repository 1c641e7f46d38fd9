from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from aws_lambda_powertools import Logger

from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_sinks.batch import RUN_ENTRIES, handle
from headwater_sinks.events import events_of
from unit.writer.builders import SHARD, entry, kinesis_event, record

LOG = Logger(service="test", level="CRITICAL")


class Stored:
    """Stores records until it comes to one that it refuses."""

    def __init__(self, refused: str = "") -> None:
        self.sequences: list[str] = []
        self.runs = 0
        self._refused = refused

    def __call__(self, records: Sequence[ReceivedRecord]) -> Mapping[str, int]:
        sequences = [each.sequence for each in records]
        if self._refused in sequences:
            raise OSError("the store is away")
        self.sequences += sequences
        self.runs += 1
        return {"events": len(records)}


def large(sequence: int) -> ReceivedRecord:
    return record(sequence, *(entry(f"m-{sequence}-{n}") for n in range(RUN_ENTRIES // 2)))


def test_stores_what_fits_at_once() -> None:
    store = Stored()

    assert handle(kinesis_event([record(1), record(2)]), store, LOG) == {"batchItemFailures": []}
    assert (store.sequences, store.runs) == (["1", "2"], 1)


def test_stores_more_in_runs() -> None:
    store = Stored()

    handle(kinesis_event([large(each) for each in range(1, 6)]), store, LOG)

    assert (store.sequences, store.runs) == (["1", "2", "3", "4", "5"], 3)


def test_names_the_first_record_that_is_not_stored() -> None:
    event = kinesis_event([large(each) for each in range(1, 6)])

    response = handle(event, Stored(refused="4"), LOG)

    assert response == {"batchItemFailures": [{"itemIdentifier": "3"}]}


def test_fails_if_nothing_is_stored() -> None:
    with pytest.raises(OSError, match="away"):
        handle(kinesis_event([record(1)]), Stored(refused="1"), LOG)


def test_leaves_out_what_is_not_an_event() -> None:
    refused = Entry(b"{}", refusal="event is missing")
    foreign = ReceivedRecord(SHARD, "8", b"not ours")
    records = [record(7, refused, entry("a")), foreign, record(9, Entry(b"[", "track", "b"))]

    assert [each.event_id for each in events_of(records, timedelta(days=30))] == ["a"]
