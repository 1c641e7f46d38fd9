from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from aws_lambda_powertools import Logger

from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_sinks.batch import handle
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
    """Return a record of which a run takes five: 3 MB of text, which may become 12 MB."""
    return record(sequence, *(entry(f"m-{sequence}-{n}", text="x" * 30_000) for n in range(100)))


def many(sequence: int) -> ReceivedRecord:
    """Return a record of which a run takes a few: its messages are small, but many."""
    return record(sequence, *(entry(f"m-{sequence}-{n}") for n in range(2_500)))


def test_stores_what_fits_at_once() -> None:
    store = Stored()

    assert handle(kinesis_event([record(1), record(2)]), store, LOG) == {"batchItemFailures": []}
    assert (store.sequences, store.runs) == (["1", "2"], 1)


def test_stores_more_in_runs() -> None:
    store = Stored()

    handle(kinesis_event([large(each) for each in range(1, 12)]), store, LOG)

    assert (store.sequences, store.runs) == ([str(each) for each in range(1, 12)], 3)


def test_names_the_first_record_that_is_not_stored() -> None:
    event = kinesis_event([large(each) for each in range(1, 12)])

    response = handle(event, Stored(refused="8"), LOG)

    assert response == {"batchItemFailures": [{"itemIdentifier": "6"}]}


def test_fails_if_nothing_is_stored() -> None:
    with pytest.raises(OSError, match="away"):
        handle(kinesis_event([record(1)]), Stored(refused="1"), LOG)


def test_leaves_out_what_is_not_an_event() -> None:
    refused = Entry(b"{}", refusal="event is missing")
    foreign = ReceivedRecord(SHARD, "8", b"not ours")
    records = [record(7, refused, entry("a")), foreign, record(9, Entry(b"[", "track", "b"))]

    assert [each.event_id for each in events_of(records, timedelta(days=30))] == ["a"]


def test_stores_small_messages_in_larger_runs() -> None:
    store = Stored()

    handle(kinesis_event([many(each) for each in range(1, 8)]), store, LOG)

    assert (len(store.sequences), store.runs) == (7, 2)
