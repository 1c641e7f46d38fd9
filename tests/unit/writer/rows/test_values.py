from datetime import UTC, datetime, timedelta

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.columns import Column, ColumnType, Table
from headwater_contract.tables import EVENTS
from headwater_writer.lake.arrow import schema
from headwater_writer.rows.values import described, typed
from headwater_writer.tracking_plan.plan import TYPES

decode = msgspec.json.decode
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)

ONE = datetime(2026, 1, 31, 12, tzinfo=UTC)


def type_of_column(column_type: ColumnType) -> pa.DataType:
    table = Table("t", (Column("c", column_type, "", ""),), "c", (), ())
    found: pa.DataType = schema(table).field("c").type
    return found


@pytest.mark.parametrize(
    ("text", "column_type", "value"),
    [
        ('""', "string", ""),
        ('"42"', "string", "42"),
        ("42", "string", None),
        ("42", "long", 42),
        ("42.0", "long", 42),
        ("4.2e1", "long", 42),
        ("42.5", "long", None),
        ('"42"', "long", None),
        ("true", "long", None),
        ("9223372036854775807", "long", 2**63 - 1),
        ("-9223372036854775808", "long", -(2**63)),
        ("9223372036854775808", "long", None),
        ("9007199254740992.0", "long", 2**53),
        ("9007199254740994.0", "long", None),
        ("1.5", "double", 1.5),
        ("1", "double", 1.0),
        ("100000000000000000000", "double", 1e20),  # as JavaScript writes it
        ("1" + "0" * 309, "double", None),
        ("false", "double", None),
        ("true", "boolean", True),
        ("1", "boolean", None),
        ('"true"', "boolean", None),
        ('"2026-01-31T12:00:00Z"', "timestamp", ONE),
        ('"2026-01-31T13:00:00+01:00"', "timestamp", ONE),
        ('"2026-01-31 12:00:00"', "timestamp", ONE),
        ('"2026-01-31"', "timestamp", ONE - timedelta(hours=12)),
        ('"31.1.2026"', "timestamp", None),
        ('"0001-01-01T00:00:00+01:00"', "timestamp", None),
        ("1769860800", "timestamp", None),
        ("[1]", "string", None),
        ("{}", "string", None),
    ],
)
def test_takes_a_value_exactly_or_not_at_all(text: str, column_type: str, value: object) -> None:
    found = typed(decode(text), ColumnType(column_type))

    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "column_type", "sentence"),
    [
        ('"42"', "long", "a string"),
        ("4.2", "long", "a number that does not fit"),
        ('"soon"', "timestamp", "a string that does not fit"),
        ("true", "string", "a boolean"),
        ("[]", "boolean", "a list"),
        ("{}", "double", "an object"),
    ],
)
def test_says_what_a_value_is_without_saying_it(text: str, column_type: str, sentence: str) -> None:
    assert described(decode(text), ColumnType(column_type)) == sentence


@given(json_values, st.sampled_from(TYPES))
def test_gives_what_the_column_holds_for_any_value(value: object, column_type: ColumnType) -> None:
    found = typed(decode(msgspec.json.encode(value)), column_type)

    held = pa.scalar(found, type=type_of_column(column_type)).as_py()
    assert held == (found.replace(tzinfo=None) if isinstance(found, datetime) else found)


def test_no_column_of_the_contract_is_named_like_a_promoted_one() -> None:
    assert not [column for column in EVENTS.columns if column.name.startswith("prop_")]
