"""Query results as a table for people, as JSON or as CSV for programs.

Times carry a ``Z``: every timestamp of the lake is UTC.
"""

import base64
import csv
import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from enum import StrEnum
from typing import Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

MIN_COLUMN_WIDTH = 12
"""If columns would be narrower, each row becomes a block of lines."""

USUAL_WIDTH = 80
EDGELESS = 100_000


@dataclass(frozen=True)
class Result:
    """Rows of a statement, each a tuple of Python values in the order of ``columns``."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


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
    """Turn a value of DuckDB's into one that JSON has.

    Times become ISO 8601 in UTC, bytes text if they are UTF-8 and base64 otherwise, NaN and
    infinities null, and a decimal a number if a double holds it, else text.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return float(value) if Decimal(repr(float(value))) == value else str(value)
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


def _bytes(value: bytes) -> str:
    """Return bytes as the files of failed records have them: most are JSON."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()


def _text(value: object) -> str:
    """Return a value for a cell: bare text, and nothing for null."""
    simple = plain(value)
    if simple is None:
        return ""
    return simple if isinstance(simple, str) else json.dumps(simple, ensure_ascii=False)


def _render_json(result: Result, out: TextIO) -> None:
    rows = [dict(zip(result.columns, map(plain, row), strict=True)) for row in result.rows]
    json.dump(rows, out, ensure_ascii=False, indent=2)
    out.write("\n")


def _render_csv(result: Result, out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([_text(value) for value in row] for row in result.rows)


def _render_table(result: Result, out: TextIO) -> None:
    # Anything but a terminal has no edge, so nothing is folded or cut there.
    console = Console(file=out, highlight=False, width=None if out.isatty() else EDGELESS)
    width = console.width if out.isatty() else USUAL_WIDTH
    if len(result.columns) * MIN_COLUMN_WIDTH <= width:
        console.print(_grid(result))
    elif result.rows:
        _print_blocks(console, result)
    else:
        console.print(Text(", ".join(result.columns)))
    console.print(f"[dim]{len(result.rows)} row{'' if len(result.rows) == 1 else 's'}[/]")


def _grid(result: Result) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in result.columns:
        table.add_column(Text(column), overflow="fold")
    for row in result.rows:
        table.add_row(*(Text(_text(value)) for value in row))
    return table


def _print_blocks(console: Console, result: Result) -> None:
    """Print each row as lines of ``column  value``, nulls left out."""
    width = max(map(len, result.columns))
    for number, row in enumerate(result.rows, 1):
        console.print(f"[dim]── row {number}[/]")
        for column, value in zip(result.columns, row, strict=True):
            if text := _text(value):
                console.print(Text(f"{column:<{width}}  {text}"), soft_wrap=True)
