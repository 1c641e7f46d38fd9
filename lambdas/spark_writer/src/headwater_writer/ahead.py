"""What is done for a batch in the background while its messages are being shaped."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, wait
from types import TracebackType
from typing import Final, Self

from headwater_writer.publish.drafts import Draft
from headwater_writer.publish.ledger import Range
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.repeats import Digest
from headwater_writer.publish.table import Head
from headwater_writer.rows import Row

SLICE_ROWS: Final = 25_000
"""Rows that are written ahead at a time, a file of its own. A chunk of ordinary events has
fewer: measured there, it did not pay on two cores. One of tiny messages has up to 131,072."""


class Ahead:
    """Reads ``events`` and drafts each slice of its rows that is full; a context manager.

    ``publisher`` returns what commits the batch, when it is there. ``background`` does one thing
    after the other. Nothing of it goes on when the context ends: Lambda may freeze the process.
    """

    def __init__(
        self,
        publisher: Callable[[], Publisher],
        background: Executor,
        shard: str,
        claim: Range,
        slice_rows: int,
    ) -> None:
        self._publisher = publisher
        self._background = background
        self._shard = shard
        self._claim = claim
        self._slice_rows = slice_rows
        self._head = background.submit(lambda: publisher().head())
        self._drafts: list[Future[Draft | None]] = []
        self._followed = 0
        self._drafted = set[Digest]()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for draft in self._drafts:
            draft.cancel()
        wait([self._head])
        wait(self._drafts)
        # An error leads to the frames that it came through, and from there to this object. If that
        # led back to the error, all rows of the batch would stay until the next collection.
        self._drafts.clear()
        del self._head

    def follow(self, rows: Sequence[Row]) -> None:
        """Take notice of the batch's rows for ``events`` so far."""
        if len(rows) - self._followed < self._slice_rows:
            return
        self._drafts.append(self._background.submit(self._draft, rows[self._followed :]))
        self._followed = len(rows)

    def head(self) -> Head:
        """Wait until ``events`` is read, and return it.

        Raises:
            LedgerError: it does not say what it should.
            TableError: it cannot be read.
        """
        return self._head.result()

    def drafts(self) -> Sequence[Draft]:
        """Wait until all drafts are written, and return them."""
        return [*filter(None, map(Future.result, self._drafts))]

    def _draft(self, rows: Sequence[Row]) -> Draft | None:
        if self._head.exception() is not None:
            return None
        head = self._head.result()
        draft = self._publisher().draft(self._shard, self._claim, head, rows, self._drafted)
        self._drafted |= draft.rows.keys() if draft else set()
        return draft
