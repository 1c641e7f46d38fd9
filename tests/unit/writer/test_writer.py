from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack, unpack
from headwater_writer.publish.memory_table import Phase, Step
from headwater_writer.rows.rows import Rules
from headwater_writer.tracking_plan.parse import parse
from headwater_writer.writer import rows_of
from unit.writer.builders import (
    ENVELOPE,
    NOW,
    RECEIVED,
    SHARD,
    MemoryLake,
    Once,
    body,
    entry,
    failing,
    record,
    sequences,
)

bodies = st.sampled_from([body(), body(context={"a": 1}), body(timestamp="soon"), b"{", b"\xff"])
types = st.sampled_from(["track", "page", "identify", "alias", "no such type"])
accepted = st.builds(Entry, bodies, types, st.sampled_from([f"m-{number}" for number in range(6)]))
refusals = st.builds(Entry, bodies, refusal=st.just("refused"))
packed = st.lists(accepted | refusals, min_size=1, max_size=5).map(
    lambda entries: (next(pack(ENVELOPE, entries)), len(entries))
)
poison = st.binary(max_size=40).map(lambda data: (b"poison" + data, 1))
datas = st.lists(packed | poison, min_size=1, max_size=6)


class StoppedError(Exception):
    """The process has died."""


def records_of(datas: list[tuple[bytes, int]]) -> list[ReceivedRecord]:
    return [ReceivedRecord(SHARD, str(number), data) for number, (data, _) in enumerate(datas)]


@given(datas)
def test_makes_a_row_of_every_message(datas: list[tuple[bytes, int]]) -> None:
    rows = rows_of(records_of(datas), Rules(), NOW)

    assert len(rows["events"]) + len(rows["failed_records"]) == sum(count for _, count in datas)


@given(datas)
def test_writes_each_row_or_drops_it_as_a_repeat(datas: list[tuple[bytes, int]]) -> None:
    lake = MemoryLake()
    records = records_of(datas)
    rows = rows_of(records, Rules(), NOW)

    published = lake.writer().write(records)

    for name, outcome in published.items():
        assert outcome.written + outcome.repeats == len(rows[name])
        assert len(lake.stores[name].rows) == outcome.written
    assert {name for name, came in rows.items() if came} == set(published)


@given(datas, st.integers(1, 6))
def test_writes_nothing_twice_in_however_many_parts_it_comes(
    datas: list[tuple[bytes, int]], part: int
) -> None:
    lake = MemoryLake()
    records = records_of(datas)
    writer = lake.writer()
    for start in range(0, len(records), part):
        writer.write(records[start : start + part])
    parts = {name: sequences(store) for name, store in lake.stores.items()}

    lake.writer().write(records)

    assert {name: sequences(store) for name, store in lake.stores.items()} == parts


def test_puts_each_message_where_it_belongs() -> None:
    lake = MemoryLake()
    poison = ReceivedRecord(SHARD, "8", b"poison")
    unreadable, refused = Entry(b"{", "track", "c"), Entry(b"", refusal="refused")
    messages = [entry("a"), entry("b", "identify"), unreadable, refused]

    lake.writer().write([record(7, *messages), poison])

    places = {
        name: [(row["ingest_sequence"], row["ingest_index"]) for row in store.rows]
        for name, store in lake.stores.items()
    }
    assert places == {
        "events": [("7", 0), ("7", 1)],
        "identifies": [("7", 1)],
        "failed_records": [("7", 2), ("7", 3), ("8", 0)],
    }


def test_says_of_a_failed_message_where_and_why() -> None:
    failed = Entry(b"{", "track", "m")

    [row] = rows_of([record(7, failed)], Rules(), NOW)["failed_records"]

    assert "cannot be read" in row.pop("reason")
    assert unpack(row.pop("envelope").encode() + b"\n" + row["raw"]).entries == [failed]
    assert row == {
        "failed_at": NOW,
        "stage": "shape",
        "raw": b"{",
        "app_id": "shop",
        "server_event_time": RECEIVED,
        "ingest_shard": SHARD,
        "ingest_sequence": "7",
        "ingest_index": 0,
    }


def test_says_of_an_event_that_is_not_as_planned_what_is_wrong_without_its_values() -> None:
    plan = parse(b"version: 1\non_mismatch: fail\nevents: {identify: {properties: {age: long}}}")
    messages = [entry("a"), entry("b", "identify", traits={"age": "secret"})]

    rows = rows_of([record(7, *messages)], Rules(plan=plan), NOW)

    [failed] = rows["failed_records"]
    assert (failed["stage"], failed["reason"]) == (
        "plan",
        "identify.age must be a long and is a string",
    )
    assert len(rows["events"]) == 1
    assert rows["identifies"] == []


def test_keeps_properties_whole_whatever_is_promoted() -> None:
    plan = parse(b"version: 1\nevents: {Ping: {properties: {total: double}}}")
    properties = '{ "total" : 42e0, "b":[1]}'
    sent = f'{{"event":"Ping","userId":"u","properties":{properties}}}'.encode()

    [row] = rows_of([record(7, Entry(sent, "track", "a"))], Rules(plan=plan), NOW)["events"]

    assert (row["properties"], row["prop_total"]) == (properties, 42.0)


def test_keeps_of_a_failed_message_no_more_of_its_address_than_the_policy() -> None:
    refused = record(7, Entry(b"{}", refusal="refused"))

    [row] = rows_of([refused], Rules(ip_policy="truncated"), NOW)["failed_records"]

    assert unpack(row["envelope"].encode() + b"\n" + row["raw"]).envelope.ip == "203.0.113.0"


def test_says_of_a_row_when_it_was_written() -> None:
    rows = rows_of([record(7, entry("a", "identify"))], Rules(), NOW)

    assert [rows[name][0]["load_time"] for name in ("events", "identifies")] == [NOW, NOW]


def test_leaves_a_table_alone_that_gets_no_rows() -> None:
    lake = MemoryLake()

    published = lake.writer().write([record(7)])

    assert set(published) == {"events"}
    assert lake.stores["identifies"].metadata.newest is None
    assert lake.failed.metadata.newest is None


def test_joins_ids_before_it_shows_the_event() -> None:
    lake = MemoryLake()
    seen: list[tuple[int, int]] = []

    def look(step: Step, moment: Phase) -> None:
        if (step, moment) == ("swap", "after"):
            seen.append((len(lake.stores["identifies"].rows), len(lake.events.rows)))

    lake.writer(look).write([record(7, entry("a", "identify"))])

    assert seen == [(1, 0), (1, 1)]


def test_shows_events_before_the_failed_records_of_their_batch() -> None:
    lake = MemoryLake()
    seen: list[tuple[int, int]] = []

    def look(step: Step, moment: Phase) -> None:
        if (step, moment) == ("swap", "after"):
            seen.append((len(lake.events.rows), len(lake.failed.rows)))

    lake.writer(look).write([record(7, entry("a"), Entry(b"{", "track", "b"))])

    assert seen == [(1, 0), (1, 1)]


def test_writes_what_is_missing_when_it_stopped_between_two_tables() -> None:
    lake = MemoryLake()
    records = [record(7, entry("a", "identify"))]
    lake.writer().write([record(6)])
    # Only the table of events has something to read again.
    stopped = lake.writer(Once("recent", "before", failing(StoppedError())))
    with pytest.raises(StoppedError):
        stopped.write(records)
    assert sequences(lake.stores["identifies"]) == [7]

    lake.writer().write(records)

    assert sequences(lake.stores["identifies"]) == [7]
    assert sequences(lake.stores["events"]) == [6, 7]


def test_reports_what_no_column_could_be_filled_of() -> None:
    lake, reports = MemoryLake(), list[Mapping[str, int]]()
    writer = replace(lake.writer(), report_unread=reports.append)

    odd = {"ip": "?", "locale": "!"}
    writer.write([record(7, entry("a", context=odd), entry("b", context=odd), entry("c"))])

    assert reports == [{"ip": 2, "locale": 2}]
