"""The tables, in Iceberg: created, read, and committed to through Spark's Java.

Staging data files without a commit is what Iceberg's own rewrites do; its pieces for it
(``SparkRewriteTableCatalog``, ``SparkTableCache``, ``FileRewriteCoordinator``) are public but meant
for itself, so the version is pinned and the integration tests are their contract.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from headwater_contract.tables import FAILED_RECORDS, Table
from headwater_writer import ddl, search
from headwater_writer.arrow import to_arrow
from headwater_writer.fence import Change, Spoils, claiming, coming_late, is_spoiled
from headwater_writer.java import JavaObject, iceberg, iceberg_catalog, is_a, singleton, texts
from headwater_writer.late import without_held
from headwater_writer.ledger import Range
from headwater_writer.publish import CommitConflictError, CommitUnknownError, Head
from headwater_writer.repeats import WINDOW, RecentByShard, RecentEvents, key
from headwater_writer.rows import Row
from headwater_writer.settings import Settings
from headwater_writer.spark_options import CATALOG, STAGING
from headwater_writer.table_properties import put_right, without_stray_statistics
from headwater_writer.tracking_plan.plan import NO_PLAN, TrackingPlan

_EXCEPTIONS: Final = "org.apache.iceberg.exceptions"
_NOT_COMMITTED: Final = (
    f"{_EXCEPTIONS}.CommitFailedException",
    f"{_EXCEPTIONS}.ValidationException",
)
_OVERTAKEN: Final = (
    f"{_EXCEPTIONS}.CommitFailedException",
    f"{_EXCEPTIONS}.CommitStateUnknownException",
)
_MAX_TRIES: Final = 50
"""Each shard's writer may change a table as it starts, and commits meanwhile."""


PARALLEL_FROM: Final = 50_000
"""Rows of a batch that all cores write, each a file; of fewer, one core makes one file."""

# The rows are in the table's order already: Spark need not sort them, nor by day first, as a
# writer that has a file open for each day takes them in any order.
_AS_IT_COMES: Final = {"use-table-distribution-and-ordering": "false", "fanout-enabled": "true"}


class Lake:
    """The tables of one database of a Spark catalog."""

    def __init__(
        self, spark: SparkSession, catalog: str, database: str, warehouse: str, group: str
    ) -> None:
        self._spark = spark
        self._catalog = catalog
        self._database = database
        self._warehouse = warehouse
        self._group = group

    @classmethod
    def of(cls, spark: SparkSession, settings: Settings) -> "Lake":
        """Return the lake that the settings name."""
        return cls(spark, CATALOG, settings.database, settings.warehouse, settings.group)

    def tables(self, plan: TrackingPlan = NO_PLAN) -> Mapping[str, "LakeTable"]:
        """Return every table by its name, created where it is missing, with the plan's columns.

        Raises:
            ColumnTypeError: a table has one of its columns with another type.
        """
        return {table.name: self.table(table) for table in plan.tables()}

    def table(self, table: Table) -> "LakeTable":
        """Return a table, created where it is missing, with all its columns.

        Raises:
            ColumnTypeError: it has one of them with another type.
            CommitConflictError: others changed it each time before it was brought up to date.
        """
        loaded = self._load_or_create(table)
        self._bring_up_to_date(loaded, table)
        return LakeTable(
            self._spark, table, f"{self._catalog}.{self._database}", loaded, self._group
        )

    def drop(self, table: Table) -> None:
        """Drop a table and delete its files."""
        iceberg_catalog(self._spark, self._catalog).dropTable(self._identifier(table), True)

    def _identifier(self, table: Table) -> JavaObject:
        identifiers = iceberg(self._spark).catalog.TableIdentifier
        return identifiers.parse(f"{self._database}.{table.name}")

    def _load_or_create(self, table: Table) -> JavaObject:
        catalog, identifier = iceberg_catalog(self._spark, self._catalog), self._identifier(table)
        try:
            return catalog.loadTable(identifier)
        except Py4JJavaError as error:
            if not is_a(error, [f"{_EXCEPTIONS}.NoSuchTableException"]):
                raise
        try:
            return self._create(catalog, identifier, table)
        except Py4JJavaError as error:
            if not is_a(error, [f"{_EXCEPTIONS}.AlreadyExistsException"]):
                raise
        return catalog.loadTable(identifier)

    def _bring_up_to_date(self, loaded: JavaObject, table: Table) -> None:
        """Make good what the table lacks of the contract, the plan and its properties.

        Other writers start at the same time, or commit rows: who loses to them looks again.
        """
        for _ in range(_MAX_TRIES):
            change = self._change_due(loaded, table)
            if change is None:
                return
            try:
                change.commit()
            except Py4JJavaError as error:
                if not is_a(error, _OVERTAKEN):
                    raise
            loaded.refresh()
        raise CommitConflictError(f"{table.name} changed under each of {_MAX_TRIES} tries")

    def _change_due(self, loaded: JavaObject, table: Table) -> JavaObject | None:
        """Return an update to commit.

        Properties first, without which nothing may be committed; then columns, as there are no
        statistics of what is not.
        """
        schemas = iceberg(self._spark).SchemaParser
        schema = schemas.toJson(loaded.schema())
        held = texts(self._spark, loaded.properties())
        right = without_stray_statistics(put_right(held), ddl.column_names(schema))
        missing = ddl.missing_columns(table, schema)
        if missing and right == held:
            return loaded.updateSchema().unionByNameWith(schemas.fromJson(ddl.schema_json(table)))
        wanted = right if missing else {**right, **ddl.statistics(table)}
        return None if wanted == held else _properties_update(loaded, held, wanted)

    def _create(self, catalog: JavaObject, identifier: JavaObject, table: Table) -> JavaObject:
        parsers = iceberg(self._spark)
        schema = parsers.SchemaParser.fromJson(ddl.schema_json(table))
        spec = parsers.PartitionSpecParser.fromJson(schema, ddl.partition_spec_json(table))
        order = parsers.SortOrderParser.fromJson(schema, ddl.sort_order_json(table))
        builder = catalog.buildTable(identifier, schema).withPartitionSpec(spec)
        builder = builder.withSortOrder(order).withLocation(f"{self._warehouse}/{table.name}")
        for name, value in ddl.properties(table).items():
            builder = builder.withProperty(name, value)
        return builder.create()


def _properties_update(
    loaded: JavaObject, held: Mapping[str, str], wanted: Mapping[str, str]
) -> JavaObject:
    update = loaded.updateProperties()
    for name, text in wanted.items() - held.items():
        update.set(name, text)
    for name in held.keys() - wanted.keys():
        update.remove(name)
    return update


class LakeTable:
    """One Iceberg table: the port that ``publish`` decides through."""

    def __init__(
        self, spark: SparkSession, table: Table, namespace: str, loaded: JavaObject, group: str
    ) -> None:
        self._spark = spark
        self._table = table
        self._name = f"{namespace}.{table.name}"
        self._loaded = loaded
        self._group = group
        self._recent = RecentByShard()

    def head(self, shard: str) -> Head:
        """Open a transaction on the newest state of the table and read the shard's ledger in it."""
        transaction = self._loaded.newTransaction()
        return Head.of(transaction.table().properties(), self._group, shard, transaction)

    def recent(self, shard: str, head: Head) -> RecentEvents | None:
        """Return the shard's recent events; read from the table only where others wrote to it."""
        if self._table is FAILED_RECORDS:
            return None
        state = head.ranges, head.late
        return self._recent.at(shard, state, lambda: self._read_recent(shard))

    def absent(self, shard: str, rows: Sequence[Row], head: Head) -> Sequence[Row]:
        """Return the rows that no row of the table is at ``head``, by position or by event."""
        snapshot = head.base.table().currentSnapshot()
        if snapshot is None:
            return without_held(rows, (), ())
        version = str(snapshot.snapshotId())
        held = self._spark.read.option("versionAsOf", version).table(self._name)
        places = search.held_places(held, shard, rows)
        events = search.held_events(held, rows) if self._table is not FAILED_RECORDS else ()
        return without_held(rows, places, events)

    def stage(self, rows: Sequence[Row]) -> "_Staged":
        """Write the rows' data files without a commit; files that no commit takes are orphans."""
        cache = singleton(self._spark, "SparkTableCache")
        coordinator = singleton(self._spark, "FileRewriteCoordinator")
        stage_id = uuid.uuid4().hex
        cache.add(stage_id, self._loaded)
        try:
            frame = self._spark.createDataFrame(to_arrow(self._table, rows))
            write = frame.coalesce(self._tasks(rows)).writeTo(f"{STAGING}.`{stage_id}`")
            write.options(**_AS_IT_COMES).append()
            files = list(coordinator.fetchNewFiles(self._loaded, stage_id))
            coordinator.clearRewrite(self._loaded, stage_id)
        finally:
            cache.remove(stage_id)
        return _Staged(files, rows)

    def commit(self, staged: "_Staged", head: Head, shard: str, claim: Range) -> None:
        """Append the files and set the shard's ledger in one transaction on ``head``.

        Iceberg retries the transaction on newer bases, and calls the fence before each try, on the
        snapshots it is about to build on.

        Raises:
            CommitConflictError: the fence closed, or others won every race.
            CommitUnknownError: anything else went wrong; the commit may have landed.
        """
        _commit(staged, head, claiming(self._group, shard, head.ranges, claim))
        state = head.ranges, head.late
        self._recent.committed(shard, state, head.ranges.adding(claim), staged.rows)

    def insert(self, staged: "_Staged", head: Head, shard: str, place: Range) -> None:
        """Append the files and note where their rows came late in one transaction on ``head``.

        Raises:
            CommitConflictError: the fence closed, or others won every race.
            CommitUnknownError: anything else went wrong; the commit may have landed.
        """
        _commit(staged, head, coming_late(self._group, shard, head.late, place))

    def _tasks(self, rows: Sequence[Row]) -> int:
        return 1 if len(rows) < PARALLEL_FROM else self._spark.sparkContext.defaultParallelism

    def _read_recent(self, shard: str) -> RecentEvents:
        now = datetime.now(UTC)
        since = (now - WINDOW).strftime("%Y-%m-%d %H:%M:%S")
        found = self._spark.sql(
            f"select app_id, event_id from {self._name} "  # noqa: S608 (a name of ours)
            "where ingest_shard = :shard and load_time >= to_timestamp_ntz(:since)",
            args={"shard": shard, "since": since},
        ).toArrow()
        recent = RecentEvents()
        # A batch at a time: as Python's objects, an hour's keys take many times their memory.
        for batch in found.to_batches():
            recent.add(map(key, batch.to_pylist()), now)
        return recent


class _Staged:
    """Data files that no snapshot holds yet, and the rows that they hold."""

    def __init__(self, files: Sequence[JavaObject], rows: Sequence[Row]) -> None:
        self.files = files
        self.rows = rows


def _commit(staged: _Staged, head: Head, change: Change) -> None:
    """Append the files and make the change, where nothing spoiled it."""
    transaction = head.base
    append = transaction.newAppend()
    for file in staged.files:
        append.appendFile(file)
    for name, value in change.summary.items():
        append.set(name, value)
    fence = _Fence(change.spoiled_by, transaction.table().currentSnapshot())
    try:
        append.validateWith(fence).commit()
        update = transaction.updateProperties()
        for name, value in change.properties.items():
            update.set(name, value)
        update.commit()
        transaction.commitTransaction()
    except Py4JJavaError as error:
        if is_a(error, _NOT_COMMITTED):
            raise CommitConflictError(str(error.java_exception)) from error
        raise CommitUnknownError(str(error.java_exception)) from error


class _Fence:
    """Refuses a commit on a base where the decision that it stands on holds no more.

    Implements Iceberg's ``SnapshotAncestryValidator``: Java calls ``validate`` with the snapshots
    of the base, newest first.
    """

    class Java:
        implements: Final = ["org.apache.iceberg.SnapshotAncestryValidator"]

    def __init__(self, spoiled_by: Spoils, decided_on: JavaObject) -> None:
        self._spoiled_by = spoiled_by
        self._decided_on = None if decided_on is None else decided_on.snapshotId()

    def validate(self, ancestors: JavaObject) -> bool:
        """Return whether no ancestor since the decision spoiled it."""
        return not is_spoiled(self._spoiled_by, self._decided_on, _states(ancestors))

    def errorMessage(self) -> str:  # noqa: N802 (Java's name)
        """Return what the refused commit's error says."""
        return "the shard's ledger moved since it was read"


def _states(ancestors: JavaObject) -> Iterator[tuple[int | None, JavaObject]]:
    """Yield the snapshots, newest first, and at last the empty table if the first one is there."""
    snapshot = None
    iterator = ancestors.iterator()
    while iterator.hasNext():
        snapshot = iterator.next()
        yield snapshot.snapshotId(), snapshot.summary()
    if snapshot is None or snapshot.parentId() is None:
        yield None, {}
