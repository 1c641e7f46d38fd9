import gzip
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from headwater_contract.envelope import Entry, Envelope, StreamRecord
from headwater_contract.limits import (
    MAX_CAPTURED_HEADERS_BYTES,
    MAX_ENVELOPE_CHARACTERS,
    MAX_RECORD_ENTRIES,
    MAX_REPEATED_BYTES,
    MAX_UNPACKED_RECORD_BYTES,
)
from headwater_contract.stream_record import (
    COMPRESSED_FROM_BYTES,
    UnreadableRecordError,
    extent,
    header_line,
    pack,
    unpack,
)

RECEIVED = datetime(2026, 1, 31, 13, 37, 1, tzinfo=UTC)
ENVELOPE = Envelope(received_at=RECEIVED, app_id="shop", ip="203.0.113.9")
PING = Entry(b'{"type":"track","event":"Ping","userId":"u-17"}', "track", "m-1")

texts = st.text(st.characters(exclude_categories=["Cs"]))
times = st.datetimes(timezones=st.just(UTC))
names_and_texts = st.dictionaries(texts, texts, max_size=3)
entries = st.one_of(
    st.builds(Entry, body=st.binary(), message_type=texts, event_id=texts),
    st.builds(Entry, body=st.binary(), refusal=texts),
)
envelopes = st.builds(
    Envelope,
    received_at=times,
    app_id=texts,
    sent_at=st.none() | times,
    ip=st.none() | texts,
    user_agent=st.none() | texts,
    country=st.none() | texts,
    city=st.none() | texts,
    headers=st.dictionaries(texts, names_and_texts, max_size=3),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def packed(*entries: Entry) -> bytes:
    return next(pack(ENVELOPE, entries))


def header_of(*entries: Entry) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(packed(*entries).partition(b"\n")[0])
    return header


def record(header: object, bodies: bytes = PING.body) -> bytes:
    return json.dumps(header).encode() + b"\n" + bodies


def reads_or_refuses(data: bytes) -> bool:
    with suppress(UnreadableRecordError):
        unpack(data)
    return True


@given(envelopes, st.lists(entries, min_size=1, max_size=5))
def test_unpacks_what_was_packed(envelope: Envelope, entries: Sequence[Entry]) -> None:
    (data,) = pack(envelope, entries)

    assert unpack(data) == StreamRecord(envelope, entries)


@given(st.lists(entries, min_size=1, max_size=8), st.integers(min_value=0, max_value=1300))
def test_splits_without_losing_or_reordering_entries(entries: Sequence[Entry], room: int) -> None:
    limit = room + max(len(data) for entry in entries for data in pack(ENVELOPE, [entry]))

    records = list(pack(ENVELOPE, entries, limit))

    assert [entry for data in records for entry in unpack(data).entries] == entries
    assert max(map(len, records)) <= limit


def test_takes_one_record_if_all_entries_fit() -> None:
    assert len(list(pack(ENVELOPE, [PING] * 500))) == 1


def test_refuses_an_entry_that_fits_in_no_record() -> None:
    with pytest.raises(ValueError, match=r"one entry takes \d+ bytes of at most 64"):
        list(pack(ENVELOPE, [PING], limit=64))


def test_leaves_a_short_record_readable() -> None:
    assert PING.body in packed(PING)


def test_compresses_a_long_record() -> None:
    data = packed(*[PING] * 100)

    assert len(data) < COMPRESSED_FROM_BYTES
    assert unpack(data).entries == [PING] * 100


def test_packs_equal_requests_equally() -> None:
    assert packed(*[PING] * 100) == packed(*[PING] * 100)


def test_carries_bodies_that_are_not_text() -> None:
    refused = Entry(b"\xff\n\x00\x1f\x8b", refusal="the body is not UTF-8")

    assert unpack(packed(refused, PING)).entries == [refused, PING]


@given(st.binary())
@example(b"")
@example(b"\n")
@example(b"[" * 100_000)
@example(b'{"v":' + b"9" * 5000 + b"}")
@example(b"\x1f\x8b")
@example(gzip.compress(b"not ours"))
def test_refuses_bytes_that_are_not_ours(data: bytes) -> None:
    with pytest.raises(UnreadableRecordError):
        unpack(data)


@given(json_values)
def test_refuses_json_that_is_not_ours(value: object) -> None:
    with pytest.raises(UnreadableRecordError):
        unpack(record(value))


@pytest.mark.parametrize("count", [1, 100])
def test_refuses_a_record_cut_anywhere(count: int) -> None:
    data = packed(*[PING] * count)

    for end in range(len(data)):
        with pytest.raises(UnreadableRecordError):
            unpack(data[:end])


@given(st.data())
def test_reads_or_refuses_a_record_with_a_changed_byte(data: st.DataObject) -> None:
    damaged = bytearray(packed(*[PING] * data.draw(st.sampled_from([1, 2, 100]))))
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))

    assert reads_or_refuses(bytes(damaged))


@given(st.sampled_from(sorted(header_of(PING))), json_values)
@example("entries", {"size": 1})
@example("headers", {"*": {"dpr": 2}})
@example("headers", {"*": "dpr"})
@example("app_id", "\ud800")
@example("received_at", "yesterday")
def test_reads_or_refuses_a_changed_header(name: str, value: object) -> None:
    assert reads_or_refuses(record(header_of(PING) | {name: value}))


@given(st.sampled_from(["size", "type", "id", "refusal"]), json_values)
@example("size", float("inf"))
@example("size", float("nan"))
@example("size", -1)
@example("size", 10**400)
def test_reads_or_refuses_a_changed_entry(name: str, value: object) -> None:
    header = header_of(PING)
    header["entries"][0][name] = value

    assert reads_or_refuses(record(header))


def test_refuses_sizes_that_do_not_add_up() -> None:
    with pytest.raises(UnreadableRecordError, match="bytes of bodies, not"):
        unpack(record(header_of(PING), PING.body + b"x"))


def test_refuses_a_negative_size_that_another_makes_up_for() -> None:
    header = header_of(PING, PING)
    header["entries"][0]["size"] = -1
    header["entries"][1]["size"] = len(PING.body) * 2 + 1

    with pytest.raises(UnreadableRecordError):
        unpack(record(header, PING.body + b"\n" + PING.body))


def test_names_a_version_it_cannot_read() -> None:
    with pytest.raises(UnreadableRecordError, match="version 3, not 1 or 2"):
        unpack(record(header_of(PING) | {"v": 3}))


def test_only_a_record_with_more_than_the_first_version_has_needs_a_newer_writer() -> None:
    shared = replace(ENVELOPE, context='{ "a": 1 }', integrations='{"b":2}')
    history = replace(ENVELOPE, is_import=True)
    private = replace(ENVELOPE, gpc=True)

    envelopes = (ENVELOPE, shared, history, private)
    versions = [json.loads(header_line(envelope, [PING]))["v"] for envelope in envelopes]
    records = [unpack(data) for envelope in envelopes for data in pack(envelope, [PING])]
    assert versions == [1, 2, 2, 2]
    assert [record.envelope for record in records] == [*envelopes]


@pytest.mark.parametrize("text", ["", "[]", "7", "{", '{"a":NaN}'])
def test_refuses_a_batchs_own_object_that_is_none(text: str) -> None:
    with pytest.raises(UnreadableRecordError):
        unpack(record(header_of(PING) | {"v": 2, "context": text}))


def test_says_that_a_compressed_record_is_truncated() -> None:
    data = packed(*[PING] * 100)

    with pytest.raises(UnreadableRecordError, match="truncated"):
        unpack(data[:-1])


@pytest.mark.parametrize("damaged", [b"\xc3\x28" * 500_000, b'{"v":"%b"}\n' % (b"x" * 1_000_000)])
def test_says_briefly_what_is_wrong_with_a_megabyte(damaged: bytes) -> None:
    with pytest.raises(UnreadableRecordError) as refused:
        unpack(damaged)

    assert len(str(refused.value)) < 300


def test_says_briefly_that_a_size_is_enormous() -> None:
    entry = b'{"size":%b,"type":"track","id":"m"}' % (b"9" * 4000)
    record = header_line(ENVELOPE, []).encode().replace(b'"entries":[]', b'"entries":[%b]' % entry)

    with pytest.raises(UnreadableRecordError) as refused:
        unpack(record)

    assert len(str(refused.value)) < 300


@given(envelopes, entries)
def test_keeps_in_a_line_all_that_a_record_says_of_a_message(
    envelope: Envelope, entry: Entry
) -> None:
    line = header_line(envelope, [entry])

    assert unpack(line.encode() + b"\n" + entry.body) == StreamRecord(envelope, [entry])


def test_refuses_a_bomb_without_unpacking_it() -> None:
    bomb = gzip.compress(bytes(8 * MAX_UNPACKED_RECORD_BYTES))

    with pytest.raises(UnreadableRecordError, match=f"over {MAX_UNPACKED_RECORD_BYTES}"):
        unpack(bomb)


def test_looks_into_a_record_that_unpacks_to_the_greatest_size() -> None:
    header = json.dumps(header_of(PING)).encode()
    largest = (header + b"\n" + PING.body).ljust(MAX_UNPACKED_RECORD_BYTES)

    with pytest.raises(UnreadableRecordError, match="bytes of bodies, not"):
        unpack(gzip.compress(largest))


def test_splits_what_would_unpack_to_more_than_is_read() -> None:
    refused = [Entry(b"{}", refusal="userId and anonymousId are both missing")] * 100_000

    records = list(pack(ENVELOPE, [PING, *refused]))

    assert sum(len(unpack(data).entries) for data in records) == 100_001


def test_splits_what_has_more_entries_than_are_read() -> None:
    records = list(pack(ENVELOPE, [PING] * (2 * MAX_RECORD_ENTRIES + 1)))

    assert sum(len(unpack(data).entries) for data in records) == 2 * MAX_RECORD_ENTRIES + 1


def test_keeps_a_full_batch_and_its_rest_in_one_record() -> None:
    assert len(unpack(packed(*[PING] * MAX_RECORD_ENTRIES)).entries) == MAX_RECORD_ENTRIES


def test_refuses_more_entries_than_a_request_has() -> None:
    header = header_of(PING)
    header["entries"] *= MAX_RECORD_ENTRIES + 1
    bodies = b"\n".join([PING.body] * (MAX_RECORD_ENTRIES + 1))

    with pytest.raises(UnreadableRecordError, match=str(MAX_RECORD_ENTRIES)):
        unpack(record(header, bodies))


@pytest.mark.parametrize("name", ["app_id", "ip", "user_agent", "country", "city"])
def test_refuses_a_longer_text_than_a_request_has(name: str) -> None:
    longest = "\U0001f600" * MAX_ENVELOPE_CHARACTERS

    assert unpack(record(header_of(PING) | {name: longest})).entries == [PING]
    with pytest.raises(UnreadableRecordError, match=str(MAX_ENVELOPE_CHARACTERS)):
        unpack(record(header_of(PING) | {name: longest + "x"}))


@pytest.mark.parametrize(
    "headers",
    [
        {"*": {"cookie": "x" * MAX_CAPTURED_HEADERS_BYTES}},
        {"*": {"x" * MAX_CAPTURED_HEADERS_BYTES: ""}},
        {str(number): {} for number in range(MAX_CAPTURED_HEADERS_BYTES // 8)},
        {"*": {str(number): "" for number in range(MAX_CAPTURED_HEADERS_BYTES // 8)}},
        {str(number): {"cookie": "x" * 2048} for number in range(40)},
    ],
    ids=["value", "name", "types", "names", "all"],
)
def test_refuses_more_captured_headers_than_a_request_has(headers: dict[str, Any]) -> None:
    with pytest.raises(UnreadableRecordError, match="captured headers"):
        unpack(record(header_of(PING) | {"headers": headers}))


def test_packs_an_event_without_headers_that_would_not_be_read() -> None:
    headers = {str(number): {"cookie": "x" * 2048} for number in range(40)}

    [data] = pack(replace(ENVELOPE, headers=headers), [PING])

    assert unpack(data) == StreamRecord(ENVELOPE, [PING])


def test_splits_a_request_whose_messages_would_repeat_too_much() -> None:
    headers = {"*": {"cookie": "\u00ff" * 4_000}}
    envelope = replace(ENVELOPE, headers=headers)
    entries = [Entry(b"1", refusal="refused")] * 2500

    records = [unpack(data) for data in pack(envelope, entries)]

    assert [len(record.entries) for record in records] == [625] * 4
    assert [record.envelope for record in records] == [envelope] * 4


def test_refuses_entries_that_repeat_too_much_of_their_envelope() -> None:
    header = header_of(PING)
    header["headers"] = {"*": {"cookie": "\u00ff" * 4_000}}
    header["entries"] *= 2_500
    bodies = b"\n".join([PING.body] * 2_500)

    with pytest.raises(UnreadableRecordError, match=f"repeat over {MAX_REPEATED_BYTES} bytes"):
        unpack(record(header, bodies))


@pytest.mark.parametrize("given", [{}, {"type": "track"}, {"id": "m"}])
def test_refuses_an_entry_that_is_neither_accepted_nor_refused(given: dict[str, Any]) -> None:
    header = header_of(PING) | {"entries": [{"size": 0, **given}]}

    with pytest.raises(UnreadableRecordError, match="without a type"):
        unpack(record(header, b""))


@given(st.lists(entries, min_size=1, max_size=8))
def test_knows_what_a_record_unpacks_to_without_unpacking_it(entries: Sequence[Entry]) -> None:
    (data,) = pack(ENVELOPE, entries)

    assert extent(data).size == len(gzip.decompress(data) if data[:1] == b"\x1f" else data)


def test_knows_what_a_compressed_record_unpacks_to() -> None:
    assert extent(gzip.compress(bytes(5000))).size == 5000


@pytest.mark.parametrize("data", [b"", b"plain"])
def test_takes_other_bytes_for_as_many_as_they_are(data: bytes) -> None:
    assert extent(data).size == len(data)


def test_believes_no_size_that_is_never_unpacked() -> None:
    assert extent(b"\x1f\x8b" + b"\xff" * 40).size == MAX_UNPACKED_RECORD_BYTES


def test_refuses_a_record_without_entries() -> None:
    with pytest.raises(UnreadableRecordError, match="no entries"):
        unpack(record(header_of(PING) | {"entries": []}, b""))


@pytest.mark.parametrize("tail", [b"x", gzip.compress(b"another member")], ids=["text", "member"])
def test_refuses_what_follows_a_compressed_record(tail: bytes) -> None:
    with pytest.raises(UnreadableRecordError, match="follows the end"):
        unpack(packed(*[PING] * 100) + tail)
