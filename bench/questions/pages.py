"""What was measured, in the tables of the docs."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from questions.lake import MADE_UP
from questions.measure import Asked, Measured

DOCS: Final = Path(__file__).parents[2] / "docs"
_FIGURES: Final = re.compile(
    r"(?<=<!-- questions: begin -->\n).*(?=<!-- questions: end -->)", re.DOTALL
)

_HEAD: Final = re.compile(r"^(\| question \| file \| also in \|) [^|]* \|$", re.MULTILINE)


def write(measured: Mapping[int, Asked]) -> None:
    """Write seconds by number of events into one page, bytes into another.

    Bytes are those of the fewest events, and only if none are copies, which compress better.
    """
    performance, definitions = DOCS / "performance.md", DOCS / "definitions.md"
    performance.write_text(_FIGURES.sub(f"\n{seconds(measured)}\n", performance.read_text()))
    fewest = min(measured)
    if fewest <= MADE_UP:
        definitions.write_text(with_bytes(definitions.read_text(), fewest, measured[fewest]))


def seconds(measured: Mapping[int, Asked]) -> str:
    """Return a table with two columns for each number of events."""
    names = next(iter(measured.values())).questions
    heads = "".join(f" DuckDB, {events:,} | Trino, {events:,} |" for events in measured)
    rows = "".join(
        f"| `{name}` |" + "".join(_pair(each.questions[name]) for each in measured.values()) + "\n"
        for name in names
    )
    sizes = "".join(
        f"\n{events:,} events: {_listed(each.table_bytes)}.\n" for events, each in measured.items()
    )
    return f"| seconds for 30 days |{heads}\n|---|{'---|---|' * len(measured)}\n{rows}{sizes}"


def _pair(each: Measured) -> str:
    of_trino = "out of memory" if each.trino is None else f"{each.trino:.2f}"
    return f" {each.duckdb:.2f} | {of_trino} |"


def _listed(table_bytes: Mapping[str, int]) -> str:
    return ", ".join(f"{_megabytes(size)} MB of `{table}`" for table, size in table_bytes.items())


def with_bytes(page: str, events: int, measured: Asked) -> str:
    """Return a page whose rows of questions end with the MB that one day of 90 reads."""
    page = _HEAD.sub(rf"\g<1> MB a day, of {events:,} events |", page)
    for name, each in measured.questions.items():
        row = re.compile(rf"^(\| .*\[`{name}`\].* \|) [^|]* \|$", re.MULTILINE)
        page = row.sub(rf"\g<1> {_megabytes(each.day_bytes)} |", page)
    return page


def _megabytes(number: int) -> str:
    return f"{number / 1e6:.1f}"
