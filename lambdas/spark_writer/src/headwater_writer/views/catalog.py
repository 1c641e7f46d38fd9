"""Glue's catalog of a database: its tables' columns, and its views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from headwater_contract.tables import TABLES
from headwater_writer.settings import Settings
from headwater_writer.views.view import (
    KIND,
    Columns,
    ViewError,
    columns_of,
    is_as_wanted,
    table_input,
)

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

_CONFIG: Final = Config(retries={"mode": "standard", "total_max_attempts": 5})


@dataclass(frozen=True, slots=True)
class Catalog:
    """The tables and views of a database."""

    client: "GlueClient"
    database: str

    @classmethod
    def of(cls, settings: Settings) -> "Catalog":
        """Return the catalog of the database that the settings name."""
        client = boto3.client(
            "glue", region_name=settings.region, endpoint_url=settings.endpoint, config=_CONFIG
        )
        return cls(client, settings.database)

    def keep(self, views: Mapping[str, str]) -> Sequence[str]:
        """Make each view, by its name and its SQL, if it is missing or not as it is to be.

        Returns the names of those that were made. One that cannot be made keeps none of the others
        from it.

        Raises:
            ViewError: some cannot be made; the text has a reason and a remedy for each.
        """
        tables = {table.name: self._columns(table.name) for table in TABLES}
        made: list[str] = []
        faults: list[str] = []
        for name, sql in views.items():
            try:
                made += self._keep(name, sql, tables)
            except (BotoCoreError, ClientError, ViewError) as error:
                faults.append(f"cannot make the view {name}: {error}")
        if faults:
            raise ViewError("; ".join(faults))
        return made

    def _keep(self, name: str, sql: str, tables: Mapping[str, Columns]) -> Sequence[str]:
        wanted = table_input(name, sql, columns_of(sql, tables), self.database)
        held = self._held(name)
        if held is None:
            self.client.create_table(DatabaseName=self.database, TableInput=wanted)
            return [name]
        if held.get("TableType") != KIND:
            raise ViewError(
                f"the database {self.database} has a table of that name: rename the table, and "
                "apply again"
            )
        if is_as_wanted(held, wanted):
            return []
        self.client.update_table(DatabaseName=self.database, TableInput=wanted, SkipArchive=True)
        return [name]

    def _columns(self, table: str) -> Columns:
        held = self.client.get_table(DatabaseName=self.database, Name=table)["Table"]
        return {
            column["Name"]: column["Type"]
            for column in held["StorageDescriptor"]["Columns"]
            # Iceberg lists columns that were dropped, too (IcebergToGlueConverter).
            if column.get("Parameters", {}).get("iceberg.field.current") != "false"
        }

    def _held(self, name: str) -> Mapping[str, Any] | None:
        try:
            return self.client.get_table(DatabaseName=self.database, Name=name)["Table"]
        except self.client.exceptions.EntityNotFoundException:
            return None
