import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_collector.validation import Validation
from headwater_contract.limits import (
    MAX_MESSAGE_BYTES,
    MAX_REQUEST_BYTES,
    MAX_UNPACKED_RECORD_BYTES,
)
from headwater_poller.config import Config
from headwater_poller.mapping import recognise, validation_of
from unit.poller.build import TIMED, config

RECORD = {"id": 7, "user": "ada", "event": "view", "time": 1769866620, "more": {"a": [1, None]}}
CONFIG = config(
    map={**TIMED, "properties": "more", "context": "{page: {path: path}}"},
    event_types=["view", "click"],
)


def mapped(record: object, by: Config = CONFIG) -> Validation:
    return validation_of(by, recognise(by, record))


def message(validation: Validation) -> dict[str, Any]:
    assert validation.refusal is None
    found: dict[str, Any] = json.loads(validation.entry.body)
    return found


def refusal(record: object) -> str:
    found = mapped(record).refusal
    assert found is not None
    return found


def test_makes_a_message_of_a_record() -> None:
    validation = mapped(RECORD | {"path": "/"})

    assert message(validation) == {
        "type": "track",
        "messageId": validation.entry.event_id,
        "timestamp": "2026-01-31T13:37:00.000000Z",
        "userId": "ada",
        "event": "view",
        "properties": {"a": [1, None]},
        "context": {"channel": "poller", "page": {"path": "/"}},
    }


def test_a_record_has_the_same_id_each_time() -> None:
    first, again = mapped(RECORD), mapped(RECORD | {"more": {}})

    assert first.entry.event_id == again.entry.event_id
    assert first.entry.event_id == str(recognise(CONFIG, RECORD).event_id)


def test_ids_of_two_sources_and_of_two_types_differ() -> None:
    ids = {
        recognise(config(id=source), RECORD | {"id": own}).identity
        for source in ("a", "b")
        for own in (7, "7", [7])
    }

    assert len(ids) == 6


def test_an_id_may_be_several_fields_or_the_whole_record() -> None:
    whole = config(map={"id": "@", "userId": "user", "event": "event"})

    first = recognise(whole, RECORD).identity

    assert first != recognise(whole, RECORD | {"n": 1}).identity
    assert first == recognise(whole, dict(reversed(RECORD.items()))).identity


def test_the_contract_refuses_a_message_that_is_kept_as_a_message() -> None:
    validation = mapped(RECORD | {"user": None})

    assert validation.refusal == (
        "userId and anonymousId are both missing: send at least one of them"
    )
    assert json.loads(validation.entry.body)["messageId"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"event": "scroll"}, "event type 'scroll' is not in event_types"),
        ({"event": ["view"]}, "event type \"['view']\" is not in event_types"),
        ({"id": None}, "it has no id at `id`"),
        ({"id": ""}, "it has no id at `id`"),
        ({"time": "yesterday"}, "timestamp: 'yesterday' is not a time in the format epoch_s"),
        ({"time": None}, "timestamp: 'None' is not a time in the format epoch_s"),
    ],
)
def test_keeps_a_record_that_cannot_be_mapped_as_it_came(
    change: dict[str, Any], sentence: str
) -> None:
    validation = mapped(RECORD | change)

    assert validation.refusal == f"the record cannot be mapped: {sentence}"
    assert json.loads(validation.entry.body) == RECORD | change


def test_explains_an_expression_that_cannot_be_applied() -> None:
    broken = config(map={"id": "id", "userId": "user", "event": "length(id)"})

    found = mapped(RECORD, broken).refusal

    assert found is not None
    assert found.startswith("the record cannot be mapped: event: `length(id)` cannot be applied")


def test_a_message_that_is_too_large_is_refused() -> None:
    validation = mapped(RECORD | {"more": {"text": "é" * 20_000}})

    assert validation.is_too_large


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "the record cannot be mapped: it has no id at `id`"),
        (RECORD, r"the message has \d+ bytes: send at most 32768"),
    ],
)
def test_keeps_the_beginning_of_what_no_stream_record_holds(
    record: dict[str, Any], reason: str
) -> None:
    whole = config(map={"id": "id", "userId": "user", "event": "event", "properties": "@"})

    validation = mapped(record | {"text": "x" * MAX_UNPACKED_RECORD_BYTES}, whole)

    assert len(validation.entry.body) == MAX_MESSAGE_BYTES
    assert re.fullmatch(
        rf"{reason}; of its 4,194,\d{{3}} bytes the first 32,768 are kept",
        str(validation.refusal),
    )


def test_keeps_the_whole_of_what_a_request_of_the_collector_holds() -> None:
    text = "x" * (MAX_REQUEST_BYTES - len('{"text":""}'))

    assert len(mapped({"text": text}).entry.body) == MAX_REQUEST_BYTES


def test_half_a_surrogate_pair_is_refused_by_the_contract() -> None:
    assert "half of a surrogate pair" in refusal(RECORD | {"more": {"text": "\ud800"}})


def test_a_type_may_be_mapped() -> None:
    pages = config(map={"id": "id", "userId": "user", "type": "'page'", "name": "event"})

    assert mapped(RECORD, pages).entry.message_type == "page"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(RECORD, JSON)))
def test_whatever_an_api_answers_is_mapped_or_refused(record: object) -> None:
    validation = mapped(record)

    assert validation.refusal or message(validation)["messageId"]


def test_a_record_that_is_nested_too_deeply_is_refused() -> None:
    deep = json.loads('{"a":' * 900 + "1" + "}" * 900)

    assert "nested too deeply" in refusal(RECORD | {"more": deep})
