"""The catalog: which Iceberg tables there are, and what their metadata says."""

import gzip
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from headwater_local import aws_client, names

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import TableTypeDef
    from mypy_boto3_s3 import S3Client


def tables(endpoint: str, database: str = names.DATABASE) -> dict[str, "TableTypeDef"]:
    """Return the catalog's entries by table name; none if there is no database yet."""
    glue = aws_client.glue(endpoint)
    pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
    try:
        return {table["Name"]: table for page in pages for table in page["TableList"]}
    except glue.exceptions.EntityNotFoundException:
        return {}


def metadata_location(entry: "TableTypeDef") -> str | None:
    """Return the location of the table's newest metadata, None if it is not an Iceberg table."""
    return entry.get("Parameters", {}).get("metadata_location")


def metadata_locations(endpoint: str, database: str = names.DATABASE) -> dict[str, str]:
    """Return the metadata location of each Iceberg table by its name."""
    entries = tables(endpoint, database)
    found = {name: metadata_location(entry) for name, entry in entries.items()}
    return {name: location for name, location in found.items() if location}


def read_metadata(endpoint: str, location: str) -> dict[str, Any]:
    """Return a table's metadata, a JSON document of Iceberg's table specification."""
    return metadata_at(aws_client.s3(endpoint), location)


def metadata_at(s3: "S3Client", location: str) -> dict[str, Any]:
    """Return the same by a client for any S3."""
    parts = urlsplit(location)
    stored = s3.get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))
    return decoded(location, stored["Body"].read())


def decoded(location: str, stored: bytes) -> dict[str, Any]:
    """Return the document that a metadata file holds.

    A name that ends with ``.gz.metadata.json`` says that it is compressed ("Naming for GZIP
    compressed Metadata JSON files", Iceberg table specification, appendix F).
    """
    text = gzip.decompress(stored) if location.endswith(".gz.metadata.json") else stored
    metadata: dict[str, Any] = json.loads(text)
    return metadata
