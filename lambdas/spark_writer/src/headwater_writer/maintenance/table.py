"""A table of the lake as maintenance uses it: procedures to call, properties to swap, a size."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from headwater_contract.columns import Table
from headwater_contract.tables import TABLES
from headwater_writer.lake.properties import repaired
from headwater_writer.maintenance.errors import StepError, TableGoneError
from headwater_writer.maintenance.properties import Version
from headwater_writer.maintenance.report import Size
from headwater_writer.settings import LONGEST_RETENTION, Settings
from headwater_writer.spark.java import JavaObject, iceberg, iceberg_catalog, is_a, texts
from headwater_writer.spark.options import CATALOG

_CONFLICT = "org.apache.iceberg.exceptions.CommitFailedException"
_UNKNOWN = "org.apache.iceberg.exceptions.CommitStateUnknownException"
_GONE = "org.apache.iceberg.exceptions.NoSuchTableException"


class MaintainedTable:
    """One Iceberg table of the contract, loaded for each operation, as others commit to it."""

    def __init__(
        self,
        spark: SparkSession,
        database: str,
        contract: Table,
        stream_retention: timedelta = LONGEST_RETENTION,
    ) -> None:
        self.spark = spark
        self.contract = contract
        self.stream_retention = stream_retention
        self.sql_name = f"{CATALOG}.{database}.{contract.name}"
        self._identifier = f"{database}.{contract.name}"

    @property
    def name(self) -> str:
        """The table's name in the contract."""
        return self.contract.name

    def exists(self) -> bool:
        """Return whether a writer has created it.

        Raises:
            StepError: the catalog did not answer.
        """
        with step_errors():
            return bool(iceberg_catalog(self.spark, CATALOG).tableExists(self._java_identifier()))

    def load(self) -> JavaObject:
        """Return Iceberg's object for the table's newest state.

        Raises:
            StepError: it cannot be read.
            TableGoneError: it does not exist.
        """
        with step_errors():
            return iceberg_catalog(self.spark, CATALOG).loadTable(self._java_identifier())

    def call(self, procedure: str, arguments: str) -> Mapping[str, Any]:
        """Call one of Iceberg's Spark procedures and return the row that it answers.

        Raises:
            StepError: it failed.
        """
        statement = f"call {CATALOG}.system.{procedure}(table => '{self._identifier}', {arguments})"
        with step_errors():
            return self.spark.sql(statement).first().asDict()  # type: ignore[union-attr]

    def size(self) -> Size:
        """Read the table's size from its metadata."""
        table = self.load()
        snapshot = table.currentSnapshot()
        summary = {} if snapshot is None else dict(snapshot.summary())
        return Size(
            rows=_total(summary, "records"),
            files=_total(summary, "data-files"),
            bytes=_total(summary, "files-size"),
            snapshots=table.operations().current().snapshots().size(),
        )

    def storage_time(self) -> datetime:
        """Write an object beside the table's metadata, and return its time by the storage's clock.

        Aware UTC, to the second.

        Raises:
            StepError: it cannot be written or looked up.
        """
        table = self.load()
        location = table.operations().metadataFileLocation(f"clock-{uuid.uuid4().hex}")
        with step_errors():
            table.io().newOutputFile(location).create().close()
            try:
                written = table.io().listPrefix(location).iterator().next()
            finally:
                table.io().deleteFile(location)
        return datetime.fromtimestamp(written.createdAtMillis() / 1000, UTC)

    def read(self) -> Version:
        """Read the table's properties."""
        operations = self.load().operations()
        metadata = operations.current()
        return Version(texts(self.spark, metadata.properties()), (operations, metadata))

    def swap(
        self, version: Version, properties: Mapping[str, str], snapshot: int | None = None
    ) -> bool:
        """Replace the properties, and with ``snapshot`` the newest snapshot too, if still as read.

        Those that Iceberg cannot use are repaired with it, as it would refuse the commit.

        Returns:
            Whether that is sure to have happened.

        Raises:
            StepError: Iceberg refused, for another reason than a conflict.
        """
        operations, base = version.base
        with step_errors():
            builder = iceberg(self.spark).TableMetadata.buildFrom(base)
            if snapshot is not None:
                builder = builder.setBranchSnapshot(snapshot, "main")
            before, after = version.properties, repaired(properties)
            changed = {name: text for name, text in after.items() if before.get(name) != text}
            builder = builder.setProperties(changed)
            builder = builder.removeProperties(before.keys() - after.keys())
            return _replaced(operations, base, builder.build())

    def _java_identifier(self) -> JavaObject:
        return iceberg(self.spark).catalog.TableIdentifier.parse(self._identifier)


def rows_of(snapshot: JavaObject | None) -> int:
    """Return the rows of a snapshot; 0 of none."""
    return 0 if snapshot is None else _total(dict(snapshot.summary()), "records")


def _total(summary: Mapping[str, str], what: str) -> int:
    # Other tools that commit to the table may leave it out, or write anything there.
    text = summary.get(f"total-{what}", "")
    return int(text) if text.isdecimal() else 0


def _replaced(operations: JavaObject, base: JavaObject, successor: JavaObject) -> bool:
    try:
        operations.commit(base, successor)
    except Py4JJavaError as error:
        if not is_a(error, [_CONFLICT, _UNKNOWN]):
            raise
        return False
    return True


def maintained_tables(spark: SparkSession, settings: Settings) -> list[MaintainedTable]:
    """Return the tables of the contract, the largest last."""
    return [maintained_table(spark, settings, table.name) for table in reversed(TABLES)]


def maintained_table(spark: SparkSession, settings: Settings, name: str) -> MaintainedTable:
    """Return a table by its name.

    Raises:
        ValueError: the contract does not have it.
    """
    for table in TABLES:
        if table.name == name:
            return MaintainedTable(spark, settings.database, table, settings.stream_retention)
    raise ValueError(f"unknown table {name!r}: choose from {', '.join(t.name for t in TABLES)}")


@contextmanager
def step_errors() -> Iterator[None]:
    """Turn errors of Spark and Iceberg in the block into those of maintenance."""
    try:
        yield
    except Py4JJavaError as error:
        if is_a(error, [_GONE]):
            raise TableGoneError(
                "the table does not exist: it was dropped, or never created"
            ) from error
        raise StepError(str(error.java_exception)) from error
    except PySparkException as error:
        raise StepError(str(error)) from error
