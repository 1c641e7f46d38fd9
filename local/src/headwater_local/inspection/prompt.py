"""The prompt of ``headwater query``: statements until Ctrl-D, each ended by a semicolon."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from rich.console import Console

from headwater_local.inspection.dialect import Dialect
from headwater_local.inspection.sql import LocalLake
from headwater_local.results import SHOWN_ROWS, Format, render
from headwater_reports.errors import HeadwaterError

HELLO: Final = "SQL of {dialect}; a semicolon and Enter run it, Tab completes, Ctrl-D ends."

_KEYWORDS: Final = (
    "select", "from", "where", "group", "by", "order", "having", "limit", "with", "join",
    "left", "on", "as", "and", "or", "not", "in", "is", "null", "between", "like", "case",
    "when", "then", "else", "end", "distinct", "count", "sum", "avg", "min", "max", "date",
    "interval", "desc", "union",
)  # fmt: skip


def converse(lake: LocalLake, dialect: Dialect) -> None:
    """Run what is typed, until the input ends."""
    console = Console(highlight=False)
    console.print(f"[dim]{HELLO.format(dialect=dialect.value.capitalize())}[/]")
    session = prompt_session(lake)
    while True:
        try:
            sql = session.prompt("headwater> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if sql.strip():
            answer(lake, sql, dialect)


def answer(lake: LocalLake, sql: str, dialect: Dialect) -> None:
    """Print a statement's rows, or what is wrong with it."""
    try:
        render(lake.run(sql, dialect, SHOWN_ROWS), Format.TABLE, sys.stdout)
    except HeadwaterError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), markup=False)


def prompt_session(lake: LocalLake) -> "PromptSession[str]":
    """Return a prompt of several lines that remembers what was typed and completes names.

    Raises:
        NotRunningError: there are no tables to ask about.
    """
    lake.data_dir.root.mkdir(parents=True, exist_ok=True)
    return PromptSession(
        multiline=True,
        history=FileHistory(lake.data_dir.root / "query_history"),
        completer=Names(lake.columns()),
        complete_while_typing=False,
        key_bindings=_keys(),
    )


def is_whole(text: str) -> bool:
    """Tell whether Enter runs what is typed: after a semicolon, or if there is nothing."""
    return not text.strip() or text.rstrip().endswith(";")


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_whole(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return keys


class Names(Completer):
    """Completes tables, columns and the commonest words of SQL."""

    def __init__(self, columns: Mapping[str, Sequence[str]]) -> None:
        names = {column for of_table in columns.values() for column in of_table}
        self._names = [*sorted(columns), *sorted(names), *_KEYWORDS]

    def get_completions(self, document: Document, _event: CompleteEvent) -> Iterator[Completion]:
        """Yield what the word before the cursor may become."""
        word = document.get_word_before_cursor()
        yield from _completions(self._names, word)


def _completions(names: Iterable[str], word: str) -> Iterator[Completion]:
    for name in names:
        if word and name.startswith(word.lower()):
            yield Completion(name, start_position=-len(word))
