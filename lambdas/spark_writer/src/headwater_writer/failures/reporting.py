"""The table of failed records that also leaves files in S3 and tells the operator."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.failures import clients
from headwater_writer.failures.folder import Folder
from headwater_writer.failures.lines import objects
from headwater_writer.failures.operator import Operator
from headwater_writer.ledger import Range
from headwater_writer.publish import CommitUnknownError, Head, Opaque, PublishedTable
from headwater_writer.repeats import RecentEvents
from headwater_writer.rows import Row
from headwater_writer.settings import Settings


def with_reports(
    tables: Mapping[str, PublishedTable], settings: Settings, operator: Operator
) -> Mapping[str, PublishedTable]:
    """Return the tables, the one of failed records reporting as the settings say."""
    folder = Folder.at(clients.s3(settings), settings.failed_records)
    failed = ReportingTable(tables[FAILED_RECORDS.name], folder, operator)
    return {**tables, FAILED_RECORDS.name: failed}


@dataclass(frozen=True, slots=True)
class _Staged:
    rows: Sequence[Row]
    staged: Opaque


@dataclass(frozen=True, slots=True)
class _InDoubt:
    rows: Sequence[Row]
    places: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReportingTable:
    """A table of failed records around another.

    What is about to be committed goes into the folder first, so that nothing is in the table alone;
    a commit that is tried again writes the same objects again. The operator hears of what was
    committed; where the answer to a commit was lost, when the shard's next look at the table finds
    the rows there.
    """

    table: PublishedTable
    folder: Folder
    operator: Operator
    _in_doubt: dict[str, _InDoubt] = field(default_factory=dict)

    def head(self, shard: str) -> Head:
        """Read the table anew."""
        head = self.table.head(shard)
        if shard in self._in_doubt:
            self._find_out(shard, head)
        return head

    def recent(self, shard: str, head: Head) -> RecentEvents | None:
        """Return None: failed records have no identity."""
        return self.table.recent(shard, head)

    def absent(self, shard: str, rows: Sequence[Row], head: Head) -> Sequence[Row]:
        """Return the rows that the table lacks."""
        return self.table.absent(shard, rows, head)

    def stage(self, rows: Sequence[Row]) -> Opaque:
        """Write the rows' data files, visible to nobody."""
        return _Staged(rows, self.table.stage(rows))

    def commit(self, staged: Opaque, head: Head, shard: str, claim: Range) -> None:
        """Put the files into the folder, then commit.

        Raises:
            CommitConflictError: nothing was made visible.
            CommitUnknownError: it is not known whether anything was.
        """
        self._commit(self.table.commit, staged, head, shard, claim)

    def insert(self, staged: Opaque, head: Head, shard: str, place: Range) -> None:
        """Put the files into the folder, then insert what comes late.

        Raises:
            CommitConflictError: nothing was made visible.
            CommitUnknownError: it is not known whether anything was.
        """
        self._commit(self.table.insert, staged, head, shard, place)

    def _commit(
        self,
        commit: Callable[[Opaque, Head, str, Range], None],
        staged: _Staged,
        head: Head,
        shard: str,
        claim: Range,
    ) -> None:
        places = self._put(shard, claim, staged.rows)
        try:
            commit(staged.staged, head, shard, claim)
        except CommitUnknownError:
            self._in_doubt[shard] = _InDoubt(staged.rows, places)
            raise
        self._report(staged.rows, places)

    def _find_out(self, shard: str, head: Head) -> None:
        found = self._in_doubt[shard]
        if not self.table.absent(shard, found.rows, head):
            self._report(found.rows, found.places)
        del self._in_doubt[shard]

    def _put(self, shard: str, claim: Range, rows: Sequence[Row]) -> list[str]:
        try:
            return [self.folder.put(key, body) for key, body in objects(shard, claim, rows).items()]
        finally:
            self.folder.disconnect()

    def _report(self, rows: Sequence[Row], places: Sequence[str]) -> None:
        self.operator.hear(rows, places)
        self.operator.tell()
