from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from headwater_contract.fields import CONTEXT_FIELDS, MESSAGE_FIELDS, MESSAGE_TYPES, MessageType
from headwater_contract.tables import TABLES
from rendering import RENDERINGS, markdown
from rendering.requirements import needed_fields

ROOT = Path(__file__).parents[3]
SOMEBODY = ("userId", "anonymousId")


@pytest.mark.parametrize(("path", "render"), RENDERINGS.items())
def test_committed_rendering_says_what_the_contract_says(
    path: str, render: Callable[[], str]
) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == render(), "run: make contract"


@pytest.mark.parametrize(
    ("message_type", "expected"),
    [
        ("track", [SOMEBODY, ("event",)]),
        ("page", [SOMEBODY]),
        ("screen", [SOMEBODY]),
        ("identify", [SOMEBODY]),
        ("group", [SOMEBODY, ("groupId",)]),
        ("alias", [("userId",), ("previousId", "anonymousId")]),
    ],
)
def test_tells_what_a_type_needs(
    message_type: MessageType, expected: Sequence[Sequence[str]]
) -> None:
    assert needed_fields(message_type) == expected


def test_page_of_documentation_names_every_field_type_and_column() -> None:
    page = markdown.render()
    fields = [field.name for field in (*MESSAGE_FIELDS, *CONTEXT_FIELDS) if not field.fields]
    columns = [column.name for table in TABLES for column in table.columns]

    assert [n for n in [*fields, *MESSAGE_TYPES, *columns] if f"`{n}`" not in page] == []


def test_page_of_documentation_marks_the_columns_of_manymetrics() -> None:
    assert markdown.render().count("` ★") == sum(
        column.original for table in TABLES for column in table.columns
    )
