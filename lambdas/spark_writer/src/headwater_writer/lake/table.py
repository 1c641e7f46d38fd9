"""One table, in Iceberg: read, and committed to through Spark's Java.

Staging data files without a commit is what Iceberg's own rewrites do; its pieces for it
(``SparkRewriteTableCatalog``, ``SparkTableCache``, ``FileRewriteCoordinator``) are public but meant
for itself, so the version is pinned and the integration tests are their contract.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

import msgspec
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from headwater_contract.columns import Table
from headwater_writer.lake import search
from headwater_writer.lake.arrow import to_arrow
from headwater_writer.publish.fence import Change
from headwater_writer.publish.history import Snapshot
from headwater_writer.publish.ledger import LATEST
from headwater_writer.publish.lookup import Position
from headwater_writer.publish.repeats import Digest
from headwater_writer.publish.rollback import Latest
from headwater_writer.publish.table import CommitError, Head, TableError
from headwater_writer.rows.rows import Row
from headwater_writer.spark.java import (
    JavaObject,
    iceberg,
    in_turn,
    is_a,
    singleton,
)
from headwater_writer.spark.options import STAGING

_EXCEPTIONS: Final = "org.apache.iceberg.exceptions"
_REPLACED: Final = (f"{_EXCEPTIONS}.NoSuchTableException", "java.lang.IllegalStateException")
"""What Iceberg raises if a table is gone, or was replaced by another with a different UUID."""

_MISSING: Final = (
    f"{_EXCEPTIONS}.NotFoundException",
    "software.amazon.awssdk.services.s3.model.NoSuchKeyException",
)
"""What Iceberg raises if a file of a table is missing: the second if it asks for its size."""

PARALLEL_FROM: Final = 50_000
"""Rows of a batch from which on all cores write, a file each; fewer go into one file."""

MAX_OPEN_DAYS: Final = 40
"""Days of a batch for each of which a task has a file open: with the default ``max_event_age_days``
there are no more. A file takes some hundred KB of Java's memory while it is open."""

# The rows are in the table's order already: Spark need not sort them.
_AS_IT_COMES: Final = {"use-table-distribution-and-ordering": "false"}


@dataclass(frozen=True, slots=True)
class Staged:
    """Data files that are not committed yet, and the UUID of their table.

    ``rows`` are theirs, to write them again for another table; None if they are not at hand.
    """

    rows: Sequence[Row] | None
    files: Sequence[JavaObject]
    table: str

    @property
    def count(self) -> int:
        """How many rows are in the files."""
        return sum(file.recordCount() for file in self.files)


class LakeTable:
    """One Iceberg table: the port that ``publish`` decides through."""

    def __init__(
        self, spark: SparkSession, contract: Table, name: str, load: Callable[[], JavaObject]
    ) -> None:
        self.contract = contract
        self._spark = spark
        self._name = name
        self._load = load
        self._loaded = load()

    def head(self) -> Head:
        """Open a transaction on the newest state of the table.

        Raises:
            LedgerError: a property is not valid.
            TableError: the table cannot be read.
        """
        transaction = self._opened()
        metadata = transaction.startMetadata()
        return Head.of(metadata.properties(), MetadataHistory(metadata), transaction)

    def recent(self, shard: str, since: datetime, head: Head) -> Iterable[Digest]:
        """Return which events of a shard were loaded since a time, at ``head``."""
        held = self.at(head)
        return () if held is None else search.recent(self.contract, held, shard, since)

    def positions(self, shard: str, sequences: Collection[str], head: Head) -> Collection[Position]:
        """Return the positions within some stream records that rows at ``head`` are of."""
        held = self.at(head)
        return () if held is None else search.positions(self.contract, held, shard, sequences)

    def events(self, rows: Sequence[Row], head: Head) -> Collection[Digest]:
        """Return which of the rows' events the table has at ``head``, from about their time."""
        held = self.at(head)
        return () if held is None else search.events(self.contract, held, rows)

    def recent_by_shard(self, since: datetime, head: Head) -> DataFrame | None:
        """Return each shard's events loaded since a time; None before the first commit."""
        held = self.at(head)
        return None if held is None else search.recent_by_shard(self.contract, held, since)

    def stage(self, rows: Sequence[Row]) -> Staged:
        """Write the rows' data files without a commit; those that no commit takes are orphans."""
        by_day = _has_many_days(self.contract, rows)
        order = [self.contract.partition_time] if by_day else None
        frame = self._spark.createDataFrame(to_arrow(self.contract, rows, order))
        # One file after the other if rows are in the order of days, else one open for each day.
        return self._staged(frame.coalesce(self._tasks(len(rows))), rows, fanout=not by_day)

    def stage_frame(self, frame: DataFrame, count: int) -> Staged:
        """Write the data files of about so many rows that are in Spark, as ``stage`` does."""
        ordered = frame.coalesce(self._tasks(count)).sortWithinPartitions(*self.contract.sorted_by)
        return self._staged(ordered, None, fanout=True)

    def _staged(self, frame: DataFrame, rows: Sequence[Row] | None, *, fanout: bool) -> Staged:
        loaded = self._loaded
        cache = singleton(self._spark, "SparkTableCache")
        coordinator = singleton(self._spark, "FileRewriteCoordinator")
        stage_id = uuid.uuid4().hex
        cache.add(stage_id, loaded)
        try:
            write = frame.writeTo(f"{STAGING}.`{stage_id}`")
            options = {**_AS_IT_COMES, "fanout-enabled": str(fanout).lower()}
            write.options(**options).append()
            files = list(coordinator.fetchNewFiles(loaded, stage_id))
            coordinator.clearRewrite(loaded, stage_id)
        finally:
            cache.remove(stage_id)
        return Staged(rows, files, _uuid(loaded))

    def identity(self, head: Head) -> str:
        """Return what tells the table from another of its name: its UUID."""
        return _uuid(head.base.table())

    def packed(self, staged: Staged | None, head: Head) -> Sequence[str] | None:
        """Return the staged files as JSON, in the form of Iceberg's REST catalogs.

        Raises:
            CommitError: their table has been replaced by another.
        """
        if staged is None:
            return None
        parser, specs = iceberg(self._spark).ContentFileParser, head.base.table().specs()
        files = self._files(staged, head.base)
        return [parser.toJson(file, specs.get(file.specId())) for file in files]

    def unpacked(self, packed: Sequence[str], head: Head) -> Staged:
        """Return files that another process packed, of this table, as staged by this one.

        Raises:
            ValueError: they are not such files, or not files of rows.
        """
        package, table = iceberg(self._spark), head.base.table()
        mapper, parser = package.util.JsonUtil.mapper(), package.ContentFileParser
        try:
            texts = msgspec.convert(packed, Annotated[list[str], msgspec.Meta(min_length=1)])
            files = [parser.fromJson(mapper.readTree(text), table.specs()) for text in texts]
        except Py4JJavaError as error:
            raise ValueError(str(error.java_exception)) from error
        except (PySparkException, msgspec.ValidationError) as error:
            # The former is what PySpark makes of Java's IllegalArgumentException.
            raise ValueError(str(error)) from error
        if any(file.content().name() != "DATA" for file in files):
            raise ValueError("not all of them are files of rows")
        return Staged(None, files, _uuid(table))

    def joined(self, staged: Sequence[Staged]) -> Staged | None:
        """Return files that were unpacked apart, on one state of this table, as staged together."""
        if not staged:
            return None
        return Staged(None, [file for each in staged for file in each.files], staged[0].table)

    def commit(self, staged: Staged | None, head: Head, change: Change) -> int:
        """Append the files and make the change in one transaction on ``head``, or not at all.

        Iceberg's own commit of a transaction would rebuild it on newer states, and delete the
        manifests of a commit that it takes for failed: live ones, if an answer was lost for long.

        Raises:
            TableError: a file of the table is missing; nothing was committed.
            CommitError: anything else went wrong; the commit may have succeeded.
        """
        transaction, snapshot = head.base, None
        files = self._files(staged, transaction)
        try:
            snapshot = _appended(transaction, files, change.summary, in_turn(self._spark))
            latest = Latest(snapshot.snapshotId(), snapshot.sequenceNumber())
            _set(transaction, {**change.properties, LATEST: str(latest)})
            operations = transaction.underlyingOps()
            operations.commit(transaction.startMetadata(), transaction.currentMetadata())
        except Py4JJavaError as error:
            number = None if snapshot is None else snapshot.snapshotId()
            if number is None and is_a(error, _MISSING):
                raise unreadable(self.contract, error) from error
            raise CommitError(str(error.java_exception), number) from error
        return latest.snapshot

    def _opened(self) -> JavaObject:
        try:
            return self._loaded.newTransaction()
        except Py4JJavaError as error:
            if not is_a(error, _REPLACED):
                raise unreadable(self.contract, error) from error
        # Dropped, or dropped and created again: what was known is of another table.
        self._loaded = self._load()
        return self._loaded.newTransaction()

    def _files(self, staged: Staged | None, transaction: JavaObject) -> Sequence[JavaObject]:
        """Return the staged files, written again if their table has been replaced since.

        Iceberg identifies columns by ids, and a table that was created again may have others.
        """
        if staged is None:
            return ()
        if staged.table == _uuid(transaction.table()):
            return staged.files
        if staged.rows is None:
            raise CommitError(f"{self.contract.name} has been replaced by another table")
        return self.stage(staged.rows).files

    def at(self, head: Head) -> DataFrame | None:
        """Return the rows of a state; None before the first commit."""
        if head.history.newest is None:
            return None
        version = str(head.history.newest)
        return self._spark.read.option("versionAsOf", version).table(self._name)

    def _tasks(self, count: int) -> int:
        return 1 if count < PARALLEL_FROM else self._spark.sparkContext.defaultParallelism


class MetadataHistory:
    """The snapshots in a table's metadata."""

    def __init__(self, metadata: JavaObject) -> None:
        self._metadata = metadata
        current = metadata.currentSnapshot()
        self.newest: int | None = None if current is None else current.snapshotId()
        self._known: dict[int, Snapshot] = {}

    @property
    def sequence_number(self) -> int:
        """The greatest sequence number that a snapshot of the table has had."""
        return int(self._metadata.lastSequenceNumber())

    def snapshot(self, number: int, /) -> Snapshot | None:
        """Return a snapshot by its id."""
        # The newest is asked for many times, and each time takes five calls into Java.
        if number not in self._known:
            found = self._metadata.snapshot(number)
            if found is None:
                return None
            self._known[number] = Snapshot(
                number, found.parentId(), found.sequenceNumber(), found.summary()
            )
        return self._known[number]


def _uuid(table: JavaObject) -> str:
    return str(table.uuid())


def unreadable(table: Table, error: Py4JJavaError) -> TableError:
    """Return the error that says why a table cannot be read, and what to do."""
    why = str(error.java_exception.getMessage())
    if is_a(error, _MISSING):
        why = (
            f"one of its files is missing: {why}. Restore it, or point the catalog to an earlier "
            "metadata file of the table; nothing is written or deleted until then"
        )
    return TableError(f"cannot read {table.name}: {why}")


def _has_many_days(contract: Table, rows: Sequence[Row]) -> bool:
    return len({row[contract.partition_time].date() for row in rows}) > MAX_OPEN_DAYS


def _appended(
    transaction: JavaObject,
    files: Iterable[JavaObject],
    summary: Mapping[str, str],
    executor: JavaObject,
) -> JavaObject:
    """Append files within a transaction and return the snapshot that this makes."""
    # Iceberg has little to do for each manifest, and would do it in threads that it polls every
    # 10 ms.
    append = transaction.newAppend().scanManifestsWith(executor).writeManifestsWith(executor, 1)
    for file in files:
        append.appendFile(file)
    for name, value in summary.items():
        append.set(name, value)
    append.commit()
    return transaction.currentMetadata().currentSnapshot()


def _set(transaction: JavaObject, properties: Mapping[str, str]) -> None:
    """Set properties within a transaction."""
    update = transaction.updateProperties()
    for name, value in properties.items():
        update.set(name, value)
    update.commit()
