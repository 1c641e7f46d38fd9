import json
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.address_headers import ADDRESS_HEADERS
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.ip_policy import IpPolicy
from headwater_contract.kinesis_event import Position, ReceivedRecord
from headwater_contract.redaction import (
    envelope_by_policy,
    message_by_policy,
    object_by_policy,
)
from headwater_contract.stream_record import pack
from headwater_writer.replay.revalidate import revalidate
from headwater_writer.rows.rows import Rules
from headwater_writer.writer import rows_of
from unit.writer.builders import NOW, RECEIVED, SHARD, body, entry

ADDRESS: Final = "203.0.113.77"
NETWORK: Final = "203.0.113.0"

every_spelling = pytest.mark.parametrize(
    "member",
    [
        f'"ip":"{ADDRESS}"',
        f'"ip" : " {ADDRESS} "',
        f'"\\u0069p":"{ADDRESS}"',
        f'"ip":"{ADDRESS}","ip":null',
        f'"ip":"{ADDRESS}","ip":"{ADDRESS}"',
        f'"ip":["{ADDRESS}"]',
        f'"ip":{{"v4":"{ADDRESS}"}}',
        f'"ip":"{ADDRESS}:443"',
        f'"ip":"{ADDRESS}, 10.0.0.7"',
        f'"ip":"fe80::1%{ADDRESS}"',
    ],
)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@every_spelling
@pytest.mark.parametrize("policy", ["truncated", "none"])
def test_hides_an_address_however_it_is_written(member: str, policy: IpPolicy) -> None:
    kept = object_by_policy(f'{{"a":1, {member}, "b":[1.50]}}', policy)

    assert ADDRESS not in str(kept)
    assert str(kept).startswith('{"a":1,"ip":')
    assert str(kept).endswith('"b":[1.50]}')


def test_truncates_an_address_in_its_place() -> None:
    text = f'{{"a": 1, "ip": "{ADDRESS}", "\\u0062": "\\u00e9"}}'

    assert object_by_policy(text, "truncated") == f'{{"a":1,"ip":"{NETWORK}","b":"\\u00e9"}}'


@pytest.mark.parametrize("text", [None, "{}", '{ "a" : 1 }', '{"device":{"ip" :1}}'])
def test_leaves_an_object_without_an_address_as_it_is(text: str | None) -> None:
    assert object_by_policy(text, "none") == text


@pytest.mark.parametrize(
    "body",
    [
        f'{{"batch":[{{"context":{{"ip" : "{ADDRESS}"}},"x":"cut of',
        f'{{"context":{{"ip":"{ADDRESS}',
        f'[{{"ip":"{ADDRESS}"}},',
        f'{{"a":NaN,"context":{{"ip":"{ADDRESS}"}}}}',
    ],
)
def test_hides_addresses_in_what_is_not_json(body: str) -> None:
    assert ADDRESS.encode() not in message_by_policy(body.encode(), "none")


@every_spelling
@pytest.mark.parametrize("policy", ["truncated", "none"])
def test_hides_an_address_that_a_batch_says(member: str, policy: IpPolicy) -> None:
    envelope = Envelope(RECEIVED, "shop", context=f"{{{member}}}")

    assert ADDRESS not in str(envelope_by_policy(envelope, policy).context)


def test_leaves_all_as_it_is_if_addresses_are_kept_in_full() -> None:
    text = f'{{ "ip" : "{ADDRESS}" }}'
    envelope = Envelope(RECEIVED, "shop", ip=" x ", headers={"*": {"x-real-ip": ADDRESS}})

    assert object_by_policy(text, "full") == text
    assert message_by_policy(text.encode(), "full") == text.encode()
    assert envelope_by_policy(envelope, "full") == envelope


@every_spelling
@pytest.mark.parametrize(
    "message",
    [
        '{{"userId":"u","context":{{{member}}}}}',
        '{{"userId":"u",{member}}}',
        '{{"context":{{{member}}},"context":{{}}}}',
        '[{{"context":{{{member}}}}},7,{{"context":null}}]',
        ' [{{"context":{{{member}}}}}]',
        '{{"batch":[{{"context":{{{member}}}}}],"sentAt":"now"}}',
    ],
)
def test_hides_an_address_in_a_message_that_failed(message: str, member: str) -> None:
    body = message.format(member=member).encode()

    assert ADDRESS.encode() not in message_by_policy(body, "none")


def test_keeps_all_else_of_a_message_that_failed() -> None:
    body = f'{{"a": 1.50, "context": {{"ip": "{ADDRESS}", "x": "\\u00e9"}}}}'.encode()

    kept = message_by_policy(body, "truncated")

    assert kept == f'{{"a":1.50,"context":{{"ip":"{NETWORK}","x":"\\u00e9"}}}}'.encode()


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"7", b'"text"', b"[1,", b'{"\xff":1}', b"[" * 5000]
)
def test_leaves_what_is_not_a_json_object_as_it_is(body: bytes) -> None:
    assert message_by_policy(body, "none") == body


@given(json_values)
def test_changes_nothing_of_a_message_without_an_address(value: object) -> None:
    body = json.dumps(value).encode()

    assert json.loads(message_by_policy(body, "none").decode()) == value


def test_leaves_out_headers_that_tell_the_address() -> None:
    sent = {name.title(): ADDRESS for name in ADDRESS_HEADERS}
    envelope = Envelope(
        RECEIVED, "shop", ip=ADDRESS, headers={"*": {**sent, "dnt": "1"}, "Ping": {}}
    )

    kept = envelope_by_policy(envelope, "truncated")

    assert kept == replace(envelope, ip=NETWORK, headers={"*": {"dnt": "1"}, "Ping": {}})


FAILING: Final = (
    entry(context={"ip": ADDRESS}, timestamp="soon"),
    entry(context={"ip": ADDRESS}, ip=[ADDRESS], groupId=True),
    entry(context={"ip": ADDRESS}, message_type="no such type"),
    Entry(body(context={"ip": [ADDRESS]}), refusal="event is missing"),
    Entry(b"[%b]" % body(context={"ip": ADDRESS}), refusal="1 message from here on"),
)


@pytest.mark.parametrize("failing", FAILING)
def test_holds_for_what_is_kept_of_a_message_that_failed(failing: Entry) -> None:
    envelope = Envelope(RECEIVED, "shop", ip=ADDRESS, headers={"*": {"x-real-ip": ADDRESS}})
    [data] = pack(envelope, [failing])

    [row] = rows_of([ReceivedRecord(SHARD, "7", data)], Rules(ip_policy="none"), NOW)[
        "failed_records"
    ]

    assert ADDRESS not in repr(row)
    [again] = revalidate(row)
    assert again.position == Position(SHARD, "7", 0)


def test_keeps_a_record_that_cannot_be_read_whole() -> None:
    record = ReceivedRecord(SHARD, "7", b'{"v":2,"ip":"%b"}' % ADDRESS.encode())

    [row] = rows_of([record], Rules(ip_policy="none"), NOW)["failed_records"]

    assert row["raw"] == record.data
