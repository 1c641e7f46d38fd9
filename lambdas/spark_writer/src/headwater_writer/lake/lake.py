"""The tables of a database, in Iceberg: created, and brought up to date."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from headwater_contract.columns import Table
from headwater_writer.lake import ddl
from headwater_writer.lake.metadata_files import (
    UnregisteredTableError,
    in_folder,
    of_highest_version,
)
from headwater_writer.lake.properties import repaired, without_stray_statistics
from headwater_writer.lake.table import LakeTable, unreadable
from headwater_writer.publish.settle import PublishError
from headwater_writer.settings import Settings
from headwater_writer.spark.java import (
    JavaObject,
    iceberg,
    iceberg_catalog,
    is_a,
    texts,
)
from headwater_writer.spark.options import CATALOG
from headwater_writer.tracking_plan.plan import NO_PLAN, TrackingPlan

_EXCEPTIONS: Final = "org.apache.iceberg.exceptions"
_OVERTAKEN: Final = (
    f"{_EXCEPTIONS}.CommitFailedException",
    f"{_EXCEPTIONS}.CommitStateUnknownException",
)
_MAX_TRIES: Final = 50
"""Each shard's writer may change a table as it starts, and commits meanwhile."""


class Lake:
    """The tables of one database of a Spark catalog."""

    def __init__(self, spark: SparkSession, catalog: str, database: str, warehouse: str) -> None:
        self._spark = spark
        self._catalog = catalog
        self._database = database
        self._warehouse = warehouse

    @classmethod
    def of(cls, spark: SparkSession, settings: Settings) -> "Lake":
        """Return the lake that the settings name."""
        return cls(spark, CATALOG, settings.database, settings.warehouse)

    def tables(self, plan: TrackingPlan = NO_PLAN) -> Mapping[str, "LakeTable"]:
        """Return every table by its name, created if it is missing, with the plan's columns.

        Raises:
            ColumnTypeError: a column of a table has another type.
            UnregisteredTableError: a table is missing in the catalog alone.
        """
        return {table.name: self.table(table) for table in plan.tables()}

    def table(self, table: Table) -> "LakeTable":
        """Return a table, created if it is missing, with all its columns.

        Raises:
            ColumnTypeError: one of its columns has another type.
            PublishError: other writers changed it at each attempt to bring it up to date.
            UnregisteredTableError: it is missing in the catalog alone.
        """
        name = f"{self._catalog}.{self._database}.{table.name}"
        return LakeTable(self._spark, table, name, partial(self._ready, table))

    def drop(self, table: Table) -> None:
        """Drop a table and delete its files."""
        iceberg_catalog(self._spark, self._catalog).dropTable(self._identifier(table), True)

    def location(self, table: Table) -> str:
        """Return the URI of a table's folder."""
        return f"{self._warehouse}/{table.name}"

    def metadata_left(self, table: Table) -> Sequence[str]:
        """Return the newest metadata files of a table that the catalog does not have."""
        return self._metadata_left(table, self._creation(table))

    def metadata(self, table: Table, location: str) -> JavaObject:
        """Return Iceberg's object for a metadata file of a table that the catalog does not have."""
        io = self._creation(table).table().io()
        return iceberg(self._spark).TableMetadataParser.read(io, location)

    def register(self, table: Table, location: str) -> None:
        """Let the catalog have a table by one of its metadata files."""
        catalog = iceberg_catalog(self._spark, self._catalog)
        catalog.registerTable(self._identifier(table), location)

    def _identifier(self, table: Table) -> JavaObject:
        identifiers = iceberg(self._spark).catalog.TableIdentifier
        return identifiers.parse(f"{self._database}.{table.name}")

    def _load_or_create(self, table: Table) -> JavaObject:
        catalog, identifier = iceberg_catalog(self._spark, self._catalog), self._identifier(table)
        try:
            return catalog.loadTable(identifier)
        except Py4JJavaError as error:
            if not is_a(error, [f"{_EXCEPTIONS}.NoSuchTableException"]):
                raise unreadable(table, error) from error
        try:
            creation = self._creation(table)
            left = self._metadata_left(table, creation)
            # Another writer may have created it meanwhile.
            if left and not catalog.tableExists(identifier):
                raise UnregisteredTableError(
                    f"the catalog does not have the table {table.name}, but its folder has "
                    f"{left[0]}: register the table again, or move the folder away for a new one"
                )
            creation.commitTransaction()
        except Py4JJavaError as error:
            if not is_a(error, [f"{_EXCEPTIONS}.AlreadyExistsException"]):
                raise
        return catalog.loadTable(identifier)

    def _ready(self, table: Table) -> JavaObject:
        loaded = self._load_or_create(table)
        self._bring_up_to_date(loaded, table)
        return loaded

    def _bring_up_to_date(self, loaded: JavaObject, table: Table) -> None:
        """Add the columns and properties that the table lacks.

        Other writers start at the same time, or commit rows; after a conflict it retries.
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
        raise PublishError(f"other writers changed {table.name} at each of {_MAX_TRIES} attempts")

    def _change_due(self, loaded: JavaObject, table: Table) -> JavaObject | None:
        """Return the next update to commit, None if the table is up to date.

        Properties come first, as Iceberg commits nothing beside those that it cannot use; then
        columns, and last the statistics, as there are none of a missing column.
        """
        schemas = iceberg(self._spark).SchemaParser
        schema = schemas.toJson(loaded.schema())
        held = texts(self._spark, loaded.properties())
        usable = without_stray_statistics(repaired(held), ddl.column_names(schema))
        right = {**ddl.encodings(table), **usable}
        missing = ddl.missing_columns(table, schema)
        if missing and right == held:
            return loaded.updateSchema().unionByNameWith(schemas.fromJson(ddl.schema_json(table)))
        wanted = right if missing else {**right, **ddl.statistics(table)}
        return None if wanted == held else _properties_update(loaded, held, wanted)

    def _metadata_left(self, table: Table, creation: JavaObject) -> Sequence[str]:
        folder = self.location(table)
        return of_highest_version(in_folder(self._spark, creation.table().io(), folder))

    def _creation(self, table: Table) -> JavaObject:
        """Return the transaction that creates a table, to be committed."""
        parsers, catalog = iceberg(self._spark), iceberg_catalog(self._spark, self._catalog)
        schema = parsers.SchemaParser.fromJson(ddl.schema_json(table))
        spec = parsers.PartitionSpecParser.fromJson(schema, ddl.partition_spec_json(table))
        order = parsers.SortOrderParser.fromJson(schema, ddl.sort_order_json(table))
        builder = catalog.buildTable(self._identifier(table), schema).withPartitionSpec(spec)
        builder = builder.withSortOrder(order).withLocation(self.location(table))
        for name, value in ddl.properties(table).items():
            builder = builder.withProperty(name, value)
        return builder.createTransaction()


def _properties_update(
    loaded: JavaObject, held: Mapping[str, str], wanted: Mapping[str, str]
) -> JavaObject:
    update = loaded.updateProperties()
    for name, text in wanted.items() - held.items():
        update.set(name, text)
    for name in held.keys() - wanted.keys():
        update.remove(name)
    return update
