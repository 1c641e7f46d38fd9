"""A database and a bucket of a test's own on the AWS stand-in, and what is found there."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

import pyarrow as pa
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table.snapshots import Snapshot, ancestors_of
from pyspark.sql import SparkSession

from headwater_local import aws_client
from headwater_local.names import REGION
from headwater_writer.lake.lake import Lake
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.settle import random_pause
from headwater_writer.rows.rows import Rules
from headwater_writer.spark.options import CATALOG
from headwater_writer.tracking_plan.plan import NO_PLAN, TrackingPlan
from headwater_writer.writer import Writer
from unit.writer.builders import GROUP, RULES


def on_the_wall() -> datetime:
    """Return the time, aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Place:
    """Where a test's tables are, by a name that nobody else has."""

    spark: SparkSession
    endpoint: str
    database: str

    @classmethod
    def make(cls, spark: SparkSession, endpoint: str) -> "Place":
        """Make a database and a bucket of one new name."""
        name = f"test{uuid4().hex[:12]}"
        aws_client.glue(endpoint).create_database(DatabaseInput={"Name": name})
        aws_client.s3(endpoint).create_bucket(Bucket=name)
        return cls(spark, endpoint, name)

    @property
    def warehouse(self) -> str:
        """The folder of all tables, in the bucket."""
        return f"s3://{self.database}/lake"

    def lake(self, catalog: str = CATALOG) -> Lake:
        """Return the tables as a new writer finds them, which remembers nothing."""
        return Lake(self.spark, catalog, self.database, self.warehouse)

    def publisher(
        self,
        *,
        catalog: str = CATALOG,
        plan: TrackingPlan = NO_PLAN,
        now: Callable[[], datetime] = on_the_wall,
    ) -> Publisher:
        """Return what publishes for a new writer, by a catalog that leads to the same tables."""
        return Publisher(self.lake(catalog).tables(plan), GROUP, now, random_pause)

    def writer(
        self,
        rules: Rules = RULES,
        *,
        catalog: str = CATALOG,
        now: Callable[[], datetime] = on_the_wall,
    ) -> Writer:
        """Return a new writer, by a catalog that leads to the same tables."""
        publisher = self.publisher(catalog=catalog, plan=rules.plan, now=now)
        return Writer(lambda: publisher, rules, now)

    def table(self, name: str) -> IcebergTable:
        """Return a table as another implementation of Iceberg reads it."""
        return pyiceberg_catalog(self.endpoint).load_table((self.database, name))

    def holds(self, name: str) -> bool:
        """Return whether a table exists."""
        return pyiceberg_catalog(self.endpoint).table_exists((self.database, name))

    def rows(self, name: str) -> pa.Table:
        """Return what another implementation of Iceberg reads from a table."""
        return self.table(name).scan().to_arrow()

    def sequences(self, name: str) -> list[int]:
        """Return the stream position of every row of a table, in order."""
        found = self.table(name).scan(selected_fields=("ingest_sequence",)).to_arrow()
        return sorted(int(row["ingest_sequence"]) for row in found.to_pylist())

    def snapshots(self, name: str) -> list[int]:
        """Return the ids of the snapshots that a table has kept, the oldest first."""
        kept = self.table(name).snapshots()
        return [each.snapshot_id for each in sorted(kept, key=_sequence_number)]

    def ancestors(self, name: str) -> list[int]:
        """Return the ids of those that led to the newest, which is the first."""
        metadata = self.table(name).metadata
        return [each.snapshot_id for each in ancestors_of(metadata.current_snapshot(), metadata)]

    def readable_snapshots(self, name: str) -> list[int]:
        """Read a table as it was at each of its snapshots, and return the ids of those it can."""
        table = self.table(name)
        return [number for number in self.snapshots(name) if _is_readable(table, number)]

    def set_snapshot(self, name: str, number: int) -> None:
        """Take a table to any of its snapshots, as another tool does."""
        self._call("set_current_snapshot", name, f"snapshot_id => {number}")

    def roll_back(self, name: str, number: int) -> None:
        """Take a table back to one of those that led to the newest, as another tool does."""
        self._call("rollback_to_snapshot", name, f"snapshot_id => {number}")

    def compact(self, name: str) -> None:
        """Rewrite a table's data files as few."""
        self._call("rewrite_data_files", name, "options => map('rewrite-all', 'true')")

    def expire_snapshots(self, name: str) -> None:
        """Forget all snapshots of a table but the newest."""
        self._call("expire_snapshots", name, "older_than => now(), retain_last => 1")

    def hurry(self, name: str) -> None:
        """Let commits to a table ask soon what became of a lost answer, not after seconds."""
        self.set_properties(name, {"commit.status-check.min-wait-ms": "10"})

    def set_properties(self, name: str, properties: Mapping[str, str]) -> None:
        """Set properties of a table, as its operator does."""
        settings = ", ".join(f"'{key}' = '{value}'" for key, value in properties.items())
        self.spark.sql(
            f"alter table {CATALOG}.{self.database}.{name} set tblproperties ({settings})"
        )

    def edit(self, name: str, properties: Mapping[str, str | None]) -> None:
        """Write properties into a table's metadata, or take them out (None), whatever they say."""
        location = urlsplit(self.table(name).metadata_location)
        bucket, key = location.netloc, location.path.lstrip("/")
        s3 = aws_client.s3(self.endpoint)
        stored = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        metadata = json.loads(gzip.decompress(stored))
        edited = {**metadata["properties"], **properties}
        metadata["properties"] = {key: text for key, text in edited.items() if text is not None}
        edited_metadata = gzip.compress(json.dumps(metadata).encode())
        s3.put_object(Bucket=bucket, Key=key, Body=edited_metadata)

    def _call(self, procedure: str, name: str, arguments: str) -> None:
        table = f"table => '{self.database}.{name}'"
        self.spark.sql(f"call {CATALOG}.system.{procedure}({table}, {arguments})")


def _sequence_number(snapshot: Snapshot) -> int:
    return snapshot.sequence_number or 0


def _is_readable(table: IcebergTable, number: int) -> bool:
    snapshot = table.snapshot_by_id(number)
    assert snapshot is not None
    assert snapshot.summary is not None
    try:
        found = table.scan(snapshot_id=number, selected_fields=("ingest_sequence",)).to_arrow()
    except FileNotFoundError:
        return False
    return str(found.num_rows) == snapshot.summary["total-records"]


def pyiceberg_catalog(endpoint: str, region: str = REGION) -> Catalog:
    who = {"access-key-id": aws_client.DUMMY_KEY, "secret-access-key": aws_client.DUMMY_KEY}
    options = who | {"endpoint": endpoint, "region": region}
    glue = {f"glue.{name}": value for name, value in options.items()}
    s3 = {f"s3.{name}": value for name, value in options.items()}
    return load_catalog("stand-in", type="glue", **glue, **s3)
