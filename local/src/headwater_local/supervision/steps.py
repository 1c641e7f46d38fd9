"""What ``up`` says while it works: one line a step, with its time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape


class Steps:
    """Prints steps to a console; a spinner shows the one that goes on."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Show a step until the block ends; give a function that shows details.

        A block that raises leaves a cross and no time.
        """
        started = time.monotonic()
        with self._console.status(escape(title)) as status:
            try:
                yield lambda detail: status.update(f"{escape(title)}: {escape(detail)}")
            except BaseException:
                self._console.print(f"[red]✗[/] {escape(title)}")
                raise
        took = time.monotonic() - started
        self._console.print(f"[green]✓[/] {escape(title)} [dim]({took:.1f} s)[/]")

    def say(self, sentence: str) -> None:
        """Print a sentence with the time of day."""
        self._console.print(
            f"[dim]{time.strftime('%H:%M:%S')}[/] {escape(sentence)}",
            highlight=False,
            soft_wrap=True,
        )

    def show(self, text: str) -> None:
        """Print a text as it is, markup understood, lines not broken."""
        self._console.print(text, highlight=False, soft_wrap=True)
