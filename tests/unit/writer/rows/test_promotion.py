import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_writer.rows.promotion import MismatchError, promoted
from headwater_writer.tracking_plan.parse import parse
from headwater_writer.tracking_plan.plan import NO_PLAN

PLAN = parse(b"""
version: 1
events:
  kept:
    properties: &properties
      total: {type: double, required: true}
      items: long
      paid at: timestamp
  failing:
    on_mismatch: fail
    properties: *properties
  other:
    properties: {reason: string}
""")
COLUMNS = {"prop_total", "prop_items", "prop_paid_at"}

json_texts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_gives_an_event_the_columns_of_its_properties() -> None:
    properties = '{"total": 42, "items": 3, "paid at": "2026-01-31T12:00:00+01:00", "reason": "x"}'

    assert promoted(PLAN, "failing", properties) == {
        "prop_total": 42.0,
        "prop_items": 3,
        "prop_paid_at": datetime(2026, 1, 31, 11, tzinfo=UTC),
    }


@pytest.mark.parametrize("event_type", ["unplanned", "Kept", ""])
def test_has_nothing_to_say_of_an_event_that_the_plan_does_not_name(event_type: str) -> None:
    assert promoted(PLAN, event_type, '{"total": "a lot"}') == {}
    assert promoted(NO_PLAN, event_type, '{"total": "a lot"}') == {}


@pytest.mark.parametrize("properties", [None, "{}", '{"total": null}', '{"total": "x"}'])
def test_keeps_an_event_without_what_is_not_as_wanted(properties: str | None) -> None:
    assert not any(promoted(PLAN, "kept", properties).values())


def test_keeps_what_is_right_beside_a_mismatch() -> None:
    found = promoted(PLAN, "kept", '{"total": "x", "items": 3}')

    assert found == {"prop_items": 3, "prop_paid_at": None}


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        (None, "failing.total is missing"),
        ('{"total": null}', "failing.total is missing"),
        ('{"total": "9"}', "failing.total must be a double and is a string"),
        ('{"total": 1e999}', "failing.total cannot be read as a double"),
        ('{"total": 9, "items": 1.5}', "failing.items must be a long and is a number that does"),
        ('{"items": true}', "failing.total is missing; failing.items must be a long and is a bool"),
    ],
)
def test_fails_a_mismatch_and_says_all_that_is_wrong(properties: str, sentence: str) -> None:
    with pytest.raises(MismatchError) as caught:
        promoted(PLAN, "failing", properties)

    assert str(caught.value).startswith(sentence)


def test_lets_a_property_be_missing_that_is_not_required() -> None:
    found = promoted(PLAN, "failing", '{"total": 1, "items": null}')

    assert found == {"prop_total": 1.0, "prop_items": None, "prop_paid_at": None}


@given(json_texts, json_texts)
def test_takes_whatever_a_client_sends(total: object, items: object) -> None:
    text = json.dumps({"total": total, "items": items})

    assert promoted(PLAN, "kept", text).keys() <= COLUMNS
    try:
        found = promoted(PLAN, "failing", text)
    except MismatchError as mismatch:
        assert "failing." in str(mismatch)  # noqa: PT017
    else:
        assert found["prop_total"] == total
