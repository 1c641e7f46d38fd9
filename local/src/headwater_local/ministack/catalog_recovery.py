"""The catalog, recovered from the lake if the stand-in was not stopped gracefully.

The stand-in writes objects to disk as they arrive, but its Glue catalog only
when it is stopped with SIGTERM. After a power cut the catalog is old or gone
while the tables are whole: every commit of an Iceberg table is a metadata file
of its own, numbered (``00012-<uuid>.metadata.json``), so the newest file has
the state of the table.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headwater_local import aws_client, names
from headwater_local.ministack.catalog import metadata_location, read_metadata, tables

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import TableInputTypeDef, TableTypeDef

_METADATA_FILE = re.compile(r"(?P<version>\d+)-[^/]+\.metadata\.json")


@dataclass(frozen=True, order=True)
class Metadata:
    """A metadata file of a table, ordered by age: the newest is the greatest.

    Two files of one version are a commit and an attempt that conflicted with it. The one that
    succeeded is the later one, since it was made on top of what it saw.
    """

    version: int
    last_updated_ms: int
    location: str
    table_location: str


def recover_catalog(endpoint: str) -> list[str]:
    """Point the catalog at the newest metadata of every table in the lake.

    A table that the catalog already has there is untouched. The stand-in at ``endpoint`` must have
    its bucket and database. Returned are the names of the tables that had to be recovered.
    """
    catalog = tables(endpoint)
    return [
        table
        for table in _tables_in_lake(endpoint)
        if _recover_table(endpoint, table, catalog.get(table))
    ]


def highest_version(keys: Iterable[str]) -> tuple[int, list[str]]:
    """Return the highest version among object keys and its metadata files, usually one.

    It is ``(-1, [])`` if no key is a metadata file: manifests lie in the same folder.
    """
    best: tuple[int, list[str]] = (-1, [])
    for key in keys:
        match = _METADATA_FILE.fullmatch(key.rpartition("/")[2])
        version = int(match["version"]) if match else -1
        if version > best[0]:
            best = (version, [key])
        elif match and version == best[0]:
            best[1].append(key)
    return best


def table_entry(table: str, at: Metadata, present: "TableTypeDef | None") -> "TableInputTypeDef":
    """Describe an Iceberg table to Glue as Iceberg's own GlueCatalog does.

    Columns are left to the next commit, which writes them anyway: readers of an
    Iceberg table take them from its metadata.
    """
    parameters = dict(present.get("Parameters", {})) if present else {}
    if previous := parameters.get("metadata_location"):
        parameters["previous_metadata_location"] = previous
    return {
        "Name": table,
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": {"Location": at.table_location},
        "Parameters": {**parameters, "table_type": "ICEBERG", "metadata_location": at.location},
    }


def _tables_in_lake(endpoint: str) -> Iterator[str]:
    pages = aws_client.s3(endpoint).get_paginator("list_objects_v2")
    lake = f"{names.LAKE_PREFIX}/"
    for page in pages.paginate(Bucket=names.BUCKET, Prefix=lake, Delimiter="/"):
        for folder in page.get("CommonPrefixes", []):
            yield folder["Prefix"].removeprefix(lake).rstrip("/")


def _recover_table(endpoint: str, table: str, present: "TableTypeDef | None") -> bool:
    newest = _newest_metadata(endpoint, table)
    if newest is None or (present and newest.location == metadata_location(present)):
        return False
    glue = aws_client.glue(endpoint)
    write = glue.update_table if present else glue.create_table
    write(DatabaseName=names.DATABASE, TableInput=table_entry(table, newest, present))
    return True


def _newest_metadata(endpoint: str, table: str) -> Metadata | None:
    version, keys = highest_version(_metadata_folder(endpoint, table))
    return max((_read(endpoint, version, key) for key in keys), default=None)


def _metadata_folder(endpoint: str, table: str) -> Iterator[str]:
    pages = aws_client.s3(endpoint).get_paginator("list_objects_v2")
    prefix = f"{names.LAKE_PREFIX}/{table}/metadata/"
    for page in pages.paginate(Bucket=names.BUCKET, Prefix=prefix):
        yield from (found["Key"] for found in page.get("Contents", []))


def _read(endpoint: str, version: int, key: str) -> Metadata:
    location = f"s3://{names.BUCKET}/{key}"
    content = read_metadata(endpoint, location)
    return Metadata(version, content["last-updated-ms"], location, content["location"])
