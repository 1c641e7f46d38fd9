import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.columns import ColumnType
from headwater_documents.document import MAX_BYTES
from headwater_writer.tracking_plan.parse import MAX_COLUMNS, default_column, parse
from headwater_writer.tracking_plan.plan import (
    PlannedEvent,
    Property,
    TrackingPlan,
    TrackingPlanError,
)

DOCS = Path(__file__).parents[4] / "docs" / "tracking-plan.md"
PLAN = b"""
version: 1
on_mismatch: keep
events:
  order_paid:
    on_mismatch: fail
    properties:
      total: {type: double, required: true}
      currency: string  # the short form
      items:
        type: long
        column: prop_item_count
  Order Refunded:
    properties:
      total: double
      refundedAt: timestamp
      no: boolean
"""


def of_one_event(properties: str) -> bytes:
    return f"version: 1\nevents:\n  e:\n    properties: {properties}\n".encode()


def complaints(text: bytes) -> list[str]:
    with pytest.raises(TrackingPlanError) as caught:
        parse(text)
    return str(caught.value).splitlines()


def test_reads_a_plan() -> None:
    assert parse(PLAN) == TrackingPlan(
        {
            "order_paid": PlannedEvent(
                (
                    Property("total", ColumnType.DOUBLE, "prop_total", required=True),
                    Property("currency", ColumnType.STRING, "prop_currency"),
                    Property("items", ColumnType.LONG, "prop_item_count"),
                ),
                "fail",
            ),
            "Order Refunded": PlannedEvent(
                (
                    Property("total", ColumnType.DOUBLE, "prop_total"),
                    Property("refundedAt", ColumnType.TIMESTAMP, "prop_refunded_at"),
                    Property("no", ColumnType.BOOLEAN, "prop_no"),
                )
            ),
        }
    )


def test_reads_the_plan_that_the_docs_show() -> None:
    [shown] = re.findall(r"(?s)```yaml\n(.*?)```", DOCS.read_text())

    assert [column.name for column in parse(shown.encode()).columns] == [
        "prop_total",
        "prop_currency",
        "prop_item_count",
        "prop_published_at",
    ]


def test_reads_a_plan_of_no_events() -> None:
    assert parse(b"version: 1\nevents: {}").events == {}


def test_lets_events_share_what_yaml_shares() -> None:
    plan = parse(b"version: 1\nevents:\n  a: &a {properties: {x: long}}\n  b: *a\n")

    assert plan.events["a"] == plan.events["b"]


@pytest.mark.parametrize(
    ("key", "column"),
    [
        ("total", "prop_total"),
        ("orderId", "prop_order_id"),
        ("orderID", "prop_order_id"),
        ("HTTPStatus", "prop_http_status"),
        ("Item Count", "prop_item_count"),
        ("address2", "prop_address2"),
        ("$price.net", "prop_price_net"),
        ("größe", None),
        ("_", None),
    ],
)
def test_names_a_column_after_its_key(key: str, column: str | None) -> None:
    assert default_column(key) == column


@given(st.text())
def test_names_no_column_that_the_contract_could_have(key: str) -> None:
    column = default_column(key)

    assert column is None or column.startswith("prop_")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "it is empty: begin with `version: 1`"),
        (b"# nothing", "it is empty: begin with `version: 1`"),
        (b"a: [1", "line 1: it is not YAML: expected ',' or ']', but got '<stream end>'"),
        (
            b"version: 1\n\tevents:",
            "line 2: it is not YAML: found character '\\t' that",
        ),
        (b"a: \x00", "it is not YAML: "),
        (b"a: \xff", "it is not YAML: "),
        (rb'"\U00110000": 1', "it is not YAML: "),
        (b"[" * 10_000, "it is not YAML: "),
        (b"version: 1\n---\nversion: 1", "line 2: it is not YAML: but found another document"),
        (b"a" * (MAX_BYTES + 1), "it has more than 262,144 bytes: leave something out"),
        (b"events: {}", "line 1: the plan has no version: begin with `version: 1`"),
        (b"version: 2\nevents: {}", "line 1: version is `2`: this writer reads version 1"),
        (b"version: 1", "line 1: the plan has no events: name them below `events`"),
        (b"version: 1\nevents:", "line 2: events is empty: give a mapping"),
        (b"version: 1\nevents: [a]", "line 2: events is a list: give a mapping"),
        (
            b"version: 1\nevents: {}\nevent: {}",
            "line 3: the plan has the unknown key event: it takes version, on_mismatch or events",
        ),
        (
            b"version: 1\non_mismatch: drop\nevents: {}",
            "line 2: on_mismatch of the plan is `drop`: give keep or fail",
        ),
        (b"version: 1\nevents:\n  e: x", "line 3: e is `x`: give a mapping"),
        (b"version: 1\nevents:\n  e: {}", "line 3: e has no properties: name at least one"),
        (
            b"version: 1\nevents:\n  e: {properties: {}, on_mismatch: no}",
            "line 3: on_mismatch of e is `no`: give keep or fail",
        ),
        (
            b"version: 1\nevents:\n  ? [e]\n  : {}",
            "line 3: events has a key that is not one line of text: give it a name",
        ),
        (of_one_event("{a: long, a: long}"), "line 4: e.properties has the key a twice: keep one"),
        (
            of_one_event("{a: number}"),
            "line 4: e.a has a type that is `number`: give string, long, double, boolean or time",
        ),
        (of_one_event("{a: }"), "line 4: e.a has a type that is empty: give string, long, "),
        (of_one_event("{a: [long]}"), "line 4: e.a is a list: give a mapping"),
        (of_one_event("{a: {required: true}}"), "line 4: e.a has no type: give string, long, "),
        (
            of_one_event("{a: {type: long, require: true}}"),
            "line 4: e.a has the unknown key require: it takes type, required or column",
        ),
        (
            of_one_event("{a: {type: long, required: maybe}}"),
            "line 4: required of e.a is `maybe`: give true or false",
        ),
        (
            of_one_event("{a: {type: long, column: event_time}}"),
            "line 4: the column of e.a is `event_time`: give prop_ and lower-case letters, digits",
        ),
        (of_one_event("{a: {type: long, column: prop_}}"), "line 4: the column of e.a is `prop_`"),
        (of_one_event("{a: {type: long, column: []}}"), "line 4: the column of e.a is a list: "),
        (of_one_event(f"{{{'a' * 59}: long}}"), "line 4: the column of e.aaa"),
        (
            of_one_event("{größe: long}"),
            "line 4: no column name can be derived from e.größe: give it one with `column`",
        ),
        (
            of_one_event("{orderId: long, order_id: long}"),
            "line 4: e.order_id has the column prop_order_id, as e.orderId has: give one of them",
        ),
        (
            b"version: 1\nevents:\n  a: {properties: {x: long}}\n  b: {properties: {x: double}}",
            "line 4: b.x is a double, and its column prop_x is a long for a.x: give it another",
        ),
    ],
)
def test_says_what_is_wrong_and_where(text: bytes, sentence: str) -> None:
    [found] = complaints(text)

    assert found.startswith(sentence)


def test_says_all_that_is_wrong_in_the_order_of_its_lines() -> None:
    found = complaints(b"version: 2\nevents:\n  a: x\n  b: {properties: {c: number}}\nmore: 1\n")

    assert [sentence.partition(":")[0] for sentence in found] == [
        "line 1",
        "line 3",
        "line 4",
        "line 5",
    ]


def test_takes_as_many_columns_as_there_may_be() -> None:
    most = [f"p{number}: long" for number in range(MAX_COLUMNS)]

    assert len(parse(of_one_event(f"{{{', '.join(most)}}}")).columns) == MAX_COLUMNS
    assert complaints(of_one_event(f"{{{', '.join([*most, 'a: long', 'b: long'])}}}")) == [
        f"line 4: e.a is one column more than {MAX_COLUMNS}: leave some properties out"
    ]


@given(st.text())
def test_makes_a_plan_of_any_text_or_says_why_not(text: str) -> None:
    try:
        plan = parse(text.encode("utf-8", "surrogatepass"))
    except TrackingPlanError as error:
        assert str(error)  # noqa: PT017
    else:
        assert plan.events == {}
