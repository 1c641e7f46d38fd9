"""The rows of one table, committed with retries.

Each attempt is one commit: on the state that was read, or not at all. Iceberg neither retries it
nor cleans up after it, so that nothing that may be live is ever deleted. After a failure, the
table's next state decides: the commit may be in it, whatever its answer was.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeAlias, TypeVar

from headwater_writer.publish.fence import Change, Conflicts, has_conflict, was_rolled_back
from headwater_writer.publish.history import Snapshot, since
from headwater_writer.publish.table import CommitError, Head, Opaque, PublishedTable
from headwater_writer.rows.rows import Row

MAX_TRIES: Final = 60
"""With sixteen writers and maintenance on one table, one attempt in twenty succeeds at worst."""

FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 2.0
"""Seconds. An attempt takes some 0.1; after each conflict the pause is longer."""

Pause: TypeAlias = Callable[[float], None]
"""Waits for a random time of at most so many seconds, so that the losers of a race do not retry at
the same moment."""


def random_pause(longest: float) -> None:
    """Wait for a random time of at most so many seconds."""
    time.sleep(random.uniform(0, longest))  # noqa: S311 -- nobody gains by guessing it


class PublishError(Exception):
    """Rows could not be committed in ``MAX_TRIES`` attempts."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a state of a table lacks of a batch, and the commit that adds it.

    ``since`` is the state: the id of its newest snapshot. If a commit ``is_due``, with rows or
    without, ``change`` returns what it changes on the state that it is made on. Rows that are not
    at hand are in files that were ``staged`` before.
    """

    since: int | None
    rows: Sequence[Row]
    is_due: bool
    change: Callable[[Head], Change]
    conflicts: Conflicts
    staged: Opaque | None = field(default=None, kw_only=True)


D = TypeVar("D", bound=Decision)


@dataclass
class Settler:
    """Commits to one table. It remembers its newest commit, to know whether others commit too."""

    table: PublishedTable
    pause: Pause
    _own: int | None = None

    def settle(self, head: Head, decide: Callable[[Head], D]) -> D:
        """Commit what the table lacks at ``head`` or since, and return what that was.

        Raises:
            LedgerError: a property of the table is not valid.
            PublishError: no attempt succeeded; the batch can be retried at any time.
        """
        effort = _Effort(self.table, decide, head)
        if head.history.newest != self._own:
            # Others commit to this table: probably they did while the files were written.
            effort.refresh()
        for number in range(MAX_TRIES):
            if effort.is_over:
                return effort.decision
            try:
                self._own = effort.commit()
            except CommitError as error:
                # Not the error itself: it leads to this frame, and the frame to the rows of the
                # batch. If the frame led back to it, they would stay until the next collection.
                reason = str(error)
            else:
                return effort.decision
            self.pause(min(LONGEST_PAUSE, FIRST_PAUSE * 2**number))
            effort.refresh()
        if effort.is_over:
            return effort.decision
        name = self.table.contract.name
        raise PublishError(f"cannot commit to {name} in {MAX_TRIES} attempts: {reason}")


class _Effort(Generic[D]):
    """The attempts to commit a batch's rows: the present decision, and the state it is made on."""

    def __init__(self, table: PublishedTable, decide: Callable[[Head], D], head: Head) -> None:
        self._table = table
        self._decide = decide
        self._head = self._decided_on = head
        self._attempts: set[int] = set()
        self._has_landed = False
        self.decision = decide(head)
        self._staged = self._stage()

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to commit."""
        return self._has_landed or not self.decision.is_due

    def refresh(self) -> None:
        """Read the table: an attempt may have succeeded, or the decision may have a conflict."""
        if self.is_over:
            return
        self._head = self._table.head()
        history = list(since(self._head.history, self.decision.since))
        self._has_landed = any(snapshot.id in self._attempts for snapshot in history)
        if not self._has_landed and self._has_conflict(history):
            self._decide_again()

    def commit(self) -> int:
        """Attempt to commit, and return the snapshot's id.

        Raises:
            CommitError: it failed, or its answer was lost.
        """
        change = self.decision.change(self._head).joined(self._head.corrections)
        try:
            return self._table.commit(self._staged, self._head, change)
        except CommitError as error:
            if error.snapshot is not None:
                self._attempts.add(error.snapshot)
            raise

    def _has_conflict(self, history: Sequence[Snapshot]) -> bool:
        decided_on = self.decision.since
        made = self._head.history.sequence_number - self._decided_on.history.sequence_number
        return was_rolled_back(decided_on, made, history) or has_conflict(
            self.decision.conflicts, decided_on, history
        )

    def _decide_again(self) -> None:
        before = self.decision
        self._decided_on = self._head
        self.decision = self._decide(self._head)
        # Attempts on earlier states cannot succeed any more; files of the same rows are reused.
        self._attempts.clear()
        if self.decision.rows != before.rows or self.decision.staged is not before.staged:
            self._staged = self._stage()

    def _stage(self) -> Opaque | None:
        if self.decision.rows:
            return self._table.stage(self.decision.rows)
        return self.decision.staged
