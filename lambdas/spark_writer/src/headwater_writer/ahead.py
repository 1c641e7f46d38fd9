"""What is done for a batch in the background while its messages are being shaped."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Final

from headwater_writer.publish.drafts import Draft
from headwater_writer.publish.ledger import Range
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.repeats import Digest
from headwater_writer.publish.table import Head
from headwater_writer.rows import Row

SLICE_ROWS: Final = 20_000
"""Rows that are written ahead at a time: a file of its own, for which Spark takes a fixed 0.1 s."""


class Ahead:
    """Reads ``events`` and drafts each slice of its rows that is full.

    ``publisher`` returns what commits the batch, when it is there. ``background`` does one thing
    after the other.
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
        return [draft for each in self._drafts if (draft := each.result())]

    def _draft(self, rows: Sequence[Row]) -> Draft | None:
        draft = self._publisher().draft(self._shard, self._claim, rows, self._drafted)
        self._drafted |= draft.rows.keys() if draft else set()
        return draft
