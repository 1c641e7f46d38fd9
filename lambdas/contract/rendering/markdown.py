"""The contract as a page of documentation: ``contract.template.md`` with its tables filled in."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template

from headwater_contract.columns import Column, Table
from headwater_contract.depth import MAX_DEPTH
from headwater_contract.fields import (
    CONTEXT_FIELDS,
    MESSAGE_FIELDS,
    MESSAGE_TYPES,
    Field,
    MessageType,
)
from headwater_contract.limits import (
    MAX_BATCH_MESSAGES,
    MAX_ENVELOPE_CHARACTERS,
    MAX_LISTED_REFUSALS,
    MAX_MESSAGE_BYTES,
    MAX_REQUEST_BYTES,
)
from headwater_contract.tables import EVENTS, TABLES
from rendering.requirements import needed_fields

_TEMPLATE = Path(__file__).with_name("contract.template.md")
_COLUMNS_HEAD = "| column | type | from | meaning |\n|---|---|---|---|"


def render() -> str:
    """Return the page's text."""
    template = _TEMPLATE.read_text(encoding="utf-8")
    return Template(template).substitute(
        max_message_bytes=f"{MAX_MESSAGE_BYTES:,}",
        max_request_bytes=f"{MAX_REQUEST_BYTES:,}",
        max_batch_messages=f"{MAX_BATCH_MESSAGES:,}",
        max_shared_bytes=f"{MAX_ENVELOPE_CHARACTERS:,}",
        max_depth=str(MAX_DEPTH),
        max_listed_refusals=str(MAX_LISTED_REFUSALS),
        message_fields=_rows(_fields(MESSAGE_FIELDS)),
        message_types=_rows(_needs(message_type) for message_type in MESSAGE_TYPES),
        context_fields=_rows(_fields(CONTEXT_FIELDS)),
        tables="\n\n".join(_table(table) for table in TABLES),
    )


def _fields(fields: Sequence[Field]) -> Iterator[Sequence[str]]:
    for field in fields:
        yield f"`{field.name}`", _holds(field), _parts(field) or field.meaning


def _holds(field: Field) -> str:
    kinds = {part.kind for part in field.fields}
    return f"{field.kind} of {kinds.pop()}s" if len(kinds) == 1 else field.kind


def _parts(field: Field) -> str:
    return "; ".join(f"`{part.name}`: {part.meaning}" for part in field.fields)


def _needs(message_type: MessageType) -> Sequence[str]:
    groups = [" or ".join(f"`{name}`" for name in group) for group in needed_fields(message_type)]
    return f"`{message_type}`", "; ".join(groups)


def _table(table: Table) -> str:
    """Return a table's section; columns that ``events`` has too are named there."""
    sorting = ", ".join(f"`{name}`" for name in table.sorted_by)
    order = f"Partitioned by the day of `{table.partition_time}`, sorted by {sorting}."
    as_in_events = () if table is EVENTS else _also_in_events(table)
    own = (column for column in table.columns if column not in as_in_events)
    columns = _rows(_column(column) for column in own)
    section = f"### `{table.name}`\n\n{order}\n\n{_COLUMNS_HEAD}\n{columns}"
    names = ", ".join(_name(column) for column in as_in_events)
    return f"{section}\n\nAs in `events`: {names}." if names else section


def _also_in_events(table: Table) -> Sequence[Column]:
    return [column for column in table.columns if column in EVENTS.columns]


def _column(column: Column) -> Sequence[str]:
    return _name(column), f"`{column.type}`", column.source, column.meaning


def _name(column: Column) -> str:
    return f"`{column.name}` ★" if column.original else f"`{column.name}`"


def _rows(rows: Iterator[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
