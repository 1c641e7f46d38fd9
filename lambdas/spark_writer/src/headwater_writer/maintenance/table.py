"""A table of the lake as maintenance sees it: procedures to call, properties to swap, a size."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from headwater_contract.tables import TABLES, Table
from headwater_writer.java import JavaObject, iceberg, iceberg_catalog, is_a
from headwater_writer.maintenance.errors import StepError
from headwater_writer.maintenance.properties import Version
from headwater_writer.maintenance.report import Size
from headwater_writer.settings import Settings
from headwater_writer.spark_options import CATALOG

_OVERTAKEN = "org.apache.iceberg.exceptions.CommitFailedException"
_UNKNOWN = "org.apache.iceberg.exceptions.CommitStateUnknownException"


class MaintainedTable:
    """One Iceberg table of the contract; loaded anew for whatever is done, as others commit."""

    def __init__(self, spark: SparkSession, database: str, contract: Table) -> None:
        self.spark = spark
        self.contract = contract
        self.sql_name = f"{CATALOG}.{database}.{contract.name}"
        self._identifier = f"{database}.{contract.name}"

    @property
    def name(self) -> str:
        """The table's name in the contract."""
        return self.contract.name

    def exists(self) -> bool:
        """Return whether a writer has made it."""
        identifier = iceberg(self.spark).catalog.TableIdentifier.parse(self._identifier)
        return bool(iceberg_catalog(self.spark, CATALOG).tableExists(identifier))

    def load(self) -> JavaObject:
        """Return Iceberg's view of the table's newest state."""
        identifier = iceberg(self.spark).catalog.TableIdentifier.parse(self._identifier)
        return iceberg_catalog(self.spark, CATALOG).loadTable(identifier)

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
            rows=int(summary.get("total-records", 0)),
            files=int(summary.get("total-data-files", 0)),
            bytes=int(summary.get("total-files-size", 0)),
            snapshots=len(list(table.snapshots())),
        )

    def read(self) -> Version:
        """Read the table's properties."""
        operations = self.load().operations()
        metadata = operations.current()
        return Version(dict(metadata.properties()), (operations, metadata))

    def swap(
        self, version: Version, properties: Mapping[str, str], snapshot: int | None = None
    ) -> bool:
        """Replace the properties, and with ``snapshot`` the newest snapshot too, if still as read.

        Returns:
            Whether it surely happened.
        """
        operations, base = version.base
        builder = iceberg(self.spark).TableMetadata.buildFrom(base)
        if snapshot is not None:
            builder = builder.setBranchSnapshot(snapshot, "main")
        builder = builder.setProperties(dict(properties))
        builder = builder.removeProperties(set(version.properties) - set(properties))
        try:
            operations.commit(base, builder.build())
        except Py4JJavaError as error:
            if not is_a(error, [_OVERTAKEN, _UNKNOWN]):
                raise
            return False
        return True


def maintained_tables(spark: SparkSession, settings: Settings) -> list[MaintainedTable]:
    """Return the tables of the contract, the largest last."""
    return [MaintainedTable(spark, settings.database, table) for table in reversed(TABLES)]


def maintained_table(spark: SparkSession, settings: Settings, name: str) -> MaintainedTable:
    """Return a table by its name.

    Raises:
        ValueError: the contract has no such table.
    """
    for table in TABLES:
        if table.name == name:
            return MaintainedTable(spark, settings.database, table)
    raise ValueError(f"there is no table {name!r}")


@contextmanager
def step_errors() -> Iterator[None]:
    """Let what Spark and Iceberg raise leave the block as a ``StepError``."""
    try:
        yield
    except Py4JJavaError as error:
        raise StepError(str(error.java_exception)) from error
    except PySparkException as error:
        raise StepError(str(error)) from error
