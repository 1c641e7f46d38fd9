"""Query results as a table for people, as JSON or as CSV for programs."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TextIO

import msgspec
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from headwater_reports.results import Result, as_text, csv_lines, json_text, plain

SHOWN_ROWS: Final = 1000
"""Rows of a table unless more are asked for: a screen, not an export."""

PIPE_WIDTH: Final = 160
"""Columns of a table where nothing says how wide it may be."""

_NUMBERS: Final = (int, float, Decimal)


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
            out.writelines(csv_lines(result))


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
    return Text(as_text(value).replace("\n", "⏎") or '""')


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
                text = _laid_out(as_text(value) or '""', " " * (width + 2))
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
