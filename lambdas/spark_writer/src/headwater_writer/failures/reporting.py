"""The table of failed records that also leaves files in S3 and sends alerts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from headwater_contract.columns import Table
from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.failures import clients
from headwater_writer.failures.alert import Notifier
from headwater_writer.failures.clients import Folder
from headwater_writer.failures.lines import by_shard, objects
from headwater_writer.publish.fence import Change
from headwater_writer.publish.lookup import Position
from headwater_writer.publish.repeats import Digest
from headwater_writer.publish.table import CommitError, Head, Opaque, PublishedTable
from headwater_writer.rows.rows import Row
from headwater_writer.settings import Settings

MAX_IN_DOUBT: Final = 100
"""Commits without an answer that are looked for in the table: more than a batch has attempts."""


def with_reports(
    tables: Mapping[str, PublishedTable], settings: Settings, notifier: Notifier
) -> Mapping[str, PublishedTable]:
    """Return the tables, of which that of failed records reports as the settings say."""
    folder = Folder.at(clients.s3(settings), settings.failed_records)
    failed = ReportingTable(tables[FAILED_RECORDS.name], folder, notifier)
    return {**tables, FAILED_RECORDS.name: failed}


@dataclass(frozen=True, slots=True)
class _Staged:
    rows: Sequence[Row]
    uris: Sequence[str]
    staged: Opaque


@dataclass(frozen=True, slots=True)
class ReportingTable:
    """A table of failed records that wraps another.

    What is about to be committed goes into the folder first, so that nothing is only in the table;
    a commit that is retried has the same objects. What was committed is added to an alert; if the
    answer to a commit was lost, as soon as its snapshot is seen in the table.
    """

    table: PublishedTable
    folder: Folder
    notifier: Notifier
    _in_doubt: dict[int, _Staged] = field(default_factory=dict)

    @property
    def contract(self) -> Table:
        """The table's columns."""
        return self.table.contract

    def head(self) -> Head:
        """Read the newest state of the table."""
        head = self.table.head()
        landed = [each for number, each in self._in_doubt.items() if head.history.snapshot(number)]
        for staged in landed:
            self._report(staged)
        return head

    def recent(self, shard: str, since: datetime, head: Head) -> Iterable[Digest]:
        """Return nothing: failed records have no identity."""
        return self.table.recent(shard, since, head)

    def positions(self, shard: str, sequences: Collection[str], head: Head) -> Collection[Position]:
        """Return the positions within some stream records that the table has."""
        return self.table.positions(shard, sequences, head)

    def events(self, rows: Sequence[Row], head: Head) -> Collection[Digest]:
        """Return nothing: failed records have no identity."""
        return self.table.events(rows, head)

    def stage(self, rows: Sequence[Row]) -> Opaque:
        """Put the rows into the folder, and write their data files, not yet visible."""
        return _Staged(rows, self._put(rows), self.table.stage(rows))

    def commit(self, staged: _Staged | None, head: Head, change: Change) -> int:
        """Commit, and add the rows, if there are any, to an alert.

        Raises:
            CommitError: the commit failed, or its answer was lost.
        """
        if staged is None:
            return self.table.commit(None, head, change)
        try:
            snapshot = self.table.commit(staged.staged, head, change)
        except CommitError as error:
            self._doubt(error.snapshot, staged)
            raise
        self._report(staged)
        return snapshot

    def _doubt(self, snapshot: int | None, staged: _Staged) -> None:
        if snapshot is not None:
            self._in_doubt[snapshot] = staged
        for oldest in [*self._in_doubt][:-MAX_IN_DOUBT]:
            del self._in_doubt[oldest]

    def _put(self, rows: Sequence[Row]) -> list[str]:
        try:
            return [
                self.folder.put(key, body)
                for of_shard in by_shard(rows)
                for key, body in objects(of_shard).items()
            ]
        finally:
            self.folder.disconnect()

    def _report(self, staged: _Staged) -> None:
        for snapshot in [each for each, other in self._in_doubt.items() if other is staged]:
            del self._in_doubt[snapshot]
        self.notifier.add(staged.rows, staged.uris)
        self.notifier.notify()
