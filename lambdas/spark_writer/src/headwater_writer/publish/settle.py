"""The rows of one table, committed in as many tries as it takes.

A commit of ours is one try: on the state that was read, or not at all. Iceberg neither repeats it
nor cleans up after it, so that nothing that may be live is ever deleted. What decides after a
failure is the table's next state: the commit may be in it, whatever its answer was.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from headwater_writer.publish.fence import Change, Spoils, is_spoiled
from headwater_writer.publish.history import Snapshot, ancestry
from headwater_writer.publish.table import CommitError, Head, Opaque, PublishedTable
from headwater_writer.rows.rows import Row

MAX_TRIES: Final = 60
"""Sixteen writers and maintenance on one table let a commit win every twentieth time at worst."""

FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 2.0
"""Seconds. A try takes some 0.1; the losers of a race wait longer each time that they lose."""

Pause: TypeAlias = Callable[[float], None]
"""Waits for a random time of at most so many seconds, so that the losers of a race do not retry at
the same moment."""


def random_pause(longest: float) -> None:
    """Wait for a random time of at most so many seconds."""
    time.sleep(random.uniform(0, longest))  # noqa: S311 -- nobody gains by guessing it


class PublishError(Exception):
    """Rows could not be committed in as many tries as they may take."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a state of a table lacks of a batch, and how it gets it.

    ``since`` is the state: the id of its newest snapshot. If a commit ``is_due``, with rows or
    without, ``change`` says what goes with it on whatever later state it lands.
    """

    since: int | None
    rows: Sequence[Row]
    is_due: bool
    change: Callable[[Head], Change]
    spoiled_by: Spoils


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
            LedgerError: the table does not say what it should.
            PublishError: no try succeeded; the batch can be given again at any time.
        """
        effort = _Effort(self.table, decide, head)
        if head.history.newest != self._own:
            # Others commit here: they are likely to have done so while the files were written.
            effort.look_again()
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
            effort.look_again()
        if effort.is_over:
            return effort.decision
        name = self.table.contract.name
        raise PublishError(f"{name} took none of {MAX_TRIES} commits: {reason}")


class _Effort(Generic[D]):
    """The tries to commit a batch's rows: the present decision, and the state it is tried on."""

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

    def look_again(self) -> None:
        """Read the table anew: a try may have landed, or others may have spoiled the decision."""
        if self.is_over:
            return
        self._head = self._table.head()
        history = list(_back_to(self.decision.since, self._head))
        self._has_landed = any(snapshot.id in self._attempts for snapshot in history)
        if not self._has_landed and self._is_spoiled(history):
            self._decide_anew()

    def commit(self) -> int:
        """Try once to commit, and return the snapshot's id.

        Raises:
            CommitError: that was not seen to succeed.
        """
        change = self.decision.change(self._head).joined(self._head.noticed)
        try:
            return self._table.commit(self._staged, self._head, change)
        except CommitError as error:
            if error.snapshot is not None:
                self._attempts.add(error.snapshot)
            raise

    def _is_spoiled(self, history: Sequence[Snapshot]) -> bool:
        since = self.decision.since
        return self._was_left(history) or is_spoiled(self.decision.spoiled_by, since, history)

    def _was_left(self, history: Sequence[Snapshot]) -> bool:
        """Return whether commits came since the decision that do not lead to the newest.

        The table was taken back behind them, if only to where it was; but what they decided may
        stand in other tables.
        """
        known = [each for each in history if each.id != self.decision.since]
        made = self._head.history.sequence_number - self._decided_on.history.sequence_number
        return len(known) < made

    def _decide_anew(self) -> None:
        before = self.decision.rows
        self._decided_on = self._head
        self.decision = self._decide(self._head)
        # What was tried on earlier states cannot land any more; files of the same rows serve again.
        self._attempts.clear()
        if self.decision.rows != before:
            self._staged = self._stage()

    def _stage(self) -> Opaque | None:
        return self._table.stage(self.decision.rows) if self.decision.rows else None


def _back_to(state: int | None, head: Head) -> Iterator[Snapshot]:
    for snapshot in ancestry(head.history, head.history.newest):
        yield snapshot
        if snapshot.id == state:
            return
