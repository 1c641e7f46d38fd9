"""Rows whose data files are written before it is decided what becomes of their batch.

While later messages of a large batch are being shaped, its first rows are written to files that
nobody sees. What becomes of each message is decided as ever, when all are there, on a state of the
table. A draft is taken if every row of it is then to be written; one that is not taken is an
orphan, as are the files of a batch that fails, and maintenance deletes it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from headwater_writer.publish.repeats import Digest
from headwater_writer.publish.table import Opaque, PublishedTable
from headwater_writer.rows import Row


@dataclass(frozen=True, slots=True)
class Draft:
    """Rows by what their events are known by, and the data files that hold them."""

    rows: Mapping[Digest, Row]
    files: Opaque


Drafts: TypeAlias = Callable[[], Sequence[Draft]]
"""Waits until the drafts of a batch are written, and returns them."""


def no_drafts() -> Sequence[Draft]:
    """Return nothing: no row of a batch was written ahead."""
    return ()


def staged(table: PublishedTable, rows: Sequence[Row], drafts: Drafts) -> Sequence[Opaque]:
    """Return data files of just these rows, those of the drafts among them that fit."""
    if not rows:
        return ()
    wanted = set(map(id, rows))
    fitting = [draft for draft in drafts() if wanted.issuperset(map(id, draft.rows.values()))]
    written = {id(row) for draft in fitting for row in draft.rows.values()}
    left = [row for row in rows if id(row) not in written]
    return [*(draft.files for draft in fitting), *([table.stage(left)] if left else [])]
