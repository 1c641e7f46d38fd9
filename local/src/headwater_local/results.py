"""Query results as a table for people, as JSON or as CSV for programs.

Times carry a ``Z``: every timestamp of the lake is UTC.
"""

import base64
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TextIO

import msgspec
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

SHOWN_ROWS: Final = 1000
"""Rows of a table unless more are asked for: a screen, not an export."""

PIPE_WIDTH: Final = 160
"""Columns of a table where nothing says how wide it may be."""

_NUMBERS: Final = (int, float, Decimal)
_EXACT: Final = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True)
class Result:
    """Rows of a statement, each a tuple of Python values in the order of ``columns``.

    ``is_cut`` says that there are more.
    """

    columns: list[str]
    rows: list[tuple[Any, ...]]
    is_cut: bool = False


class Format(StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def render(result: Result, chosen: Format, out: TextIO) -> None:
    """Print a result to a text stream."""
    match chosen:
        case Format.TABLE:
            _render_table(result, out)
        case Format.JSON:
            _render_json(result, out)
        case Format.CSV:
            _render_csv(result, out)


def plain(value: object) -> Any:  # noqa: ANN401, PLR0911 -- any JSON value, one line a type
    """Turn a value of DuckDB's into one that JSON has; a decimal is a number as exact as it is.

    Times become ISO 8601 in UTC, bytes text if they are UTF-8 and base64 otherwise, NaN and
    infinities null.
    """
    match value:
        case None | bool() | int() | str() | Decimal():
            return value
        case float():
            return value if math.isfinite(value) else None
        case datetime():
            moment = value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
            return moment.isoformat().replace("+00:00", "Z")
        case date() | time_of_day():
            return value.isoformat()
        case bytes() | bytearray():
            return _bytes(bytes(value))
        case dict():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case timedelta():
            return str(value)
        case _:
            return str(value)


def json_text(value: object) -> str:
    """Return a value that JSON has as JSON, its decimals with all their digits."""
    return _EXACT.encode(value).decode()


def _bytes(value: bytes) -> str:
    """Return bytes as the files of failed records have them: most are JSON."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()


def _text(value: object) -> str:
    """Return a value that is not null as bare text."""
    simple = plain(value)
    if isinstance(value, float) and simple is None:
        return str(value)
    return simple if isinstance(simple, str) else json_text(simple)


def _render_json(result: Result, out: TextIO) -> None:
    columns = _distinct(result.columns)
    out.write("[")
    for number, row in enumerate(result.rows):
        members = dict(zip(columns, map(plain, row), strict=True))
        out.write(",\n" if number else "\n")
        out.write(_indented(json_text(members), "  "))
    out.write("\n]\n" if result.rows else "]\n")


def _distinct(columns: Iterable[str]) -> list[str]:
    """Return the columns with a number behind each name that was there before."""
    seen: dict[str, int] = {}
    distinct = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        distinct.append(column if seen[column] == 1 else f"{column}_{seen[column]}")
    return distinct


def _indented(document: str, by: str) -> str:
    pretty = msgspec.json.format(document, indent=2)
    return "\n".join(f"{by}{line}" for line in pretty.splitlines())


def _render_csv(result: Result, out: TextIO) -> None:
    out.writelines(",".join(map(_csv_field, row)) + "\n" for row in (result.columns, *result.rows))


def _csv_field(value: object) -> str:
    """Return nothing for null and quotes for empty text, as PostgreSQL's COPY does."""
    if value is None:
        return ""
    text = _text(value)
    is_plain = text and not set(text) & set(',"\r\n')
    return text if is_plain else '"' + text.replace('"', '""') + '"'


def _render_table(result: Result, out: TextIO) -> None:
    # Anything but a terminal has no edge, so nothing is folded or cut there.
    is_terminal = out.isatty()
    console = Console(file=out, highlight=False, width=None if is_terminal else 100_000)
    cells = [[_cell(value) for value in row] for row in result.rows]
    if _width(result.columns, cells) <= (console.width if is_terminal else PIPE_WIDTH):
        console.print(_grid(result, cells))
    elif result.rows:
        _print_records(console, result)
    else:
        console.print(Text(", ".join(result.columns)))
    console.print(Text(_count(result), style="dim"))


def _count(result: Result) -> str:
    if result.is_cut:
        return (
            f"the first {len(result.rows):,} rows: --limit 0 prints all, --output FILE keeps them"
        )
    return f"{len(result.rows):,} row{'' if len(result.rows) == 1 else 's'}"


def _cell(value: object) -> Text:
    if value is None:
        return Text("NULL", style="dim")
    return Text(_text(value).replace("\n", "⏎") or '""')


def _width(columns: list[str], cells: list[list[Text]]) -> int:
    widths = [
        max([cell_len(name), *(row[place].cell_len for row in cells)])
        for place, name in enumerate(columns)
    ]
    return sum(widths) + 3 * len(columns)


def _grid(result: Result, cells: list[list[Text]]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(result.columns):
        table.add_column(Text(column), no_wrap=True, justify=_side(result, place))
    for row in cells:
        table.add_row(*row)
    return table


def _side(result: Result, place: int) -> Any:  # noqa: ANN401 -- rich's literal
    values = [row[place] for row in result.rows if row[place] is not None]
    return "right" if values and all(type(value) in _NUMBERS for value in values) else "left"


def _print_records(console: Console, result: Result) -> None:
    """Print each row as lines of ``column  value``, nulls left out and JSON laid out."""
    width = max(map(len, result.columns))
    for number, row in enumerate(result.rows, 1):
        console.print(f"[dim]── row {number}[/]")
        for column, value in zip(result.columns, row, strict=True):
            if value is not None:
                text = _laid_out(_text(value) or '""', " " * (width + 2))
                console.print(Text(f"{column:<{width}}  {text}"), soft_wrap=True)
    console.print("[dim]fields that are NULL are left out[/]")


def _laid_out(text: str, by: str) -> str:
    """Return a JSON object or list with a line a member, the lines after the first indented."""
    if not text.startswith(("{", "[")) or len(text) < PIPE_WIDTH // 2:
        return text
    try:
        return _indented(text, by).lstrip()
    except msgspec.DecodeError:
        return text
