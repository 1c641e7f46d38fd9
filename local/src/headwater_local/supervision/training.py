"""The AppCDS archive, made in a training run so that a writer starts in half the time.

Java takes an archive only if the jars on its class path are those that it was made with, to the
modification time, and silently starts slowly otherwise. So the archive's name is a digest of just
that, and a changed jar makes a new one.

The training run has a database and a prefix in the bucket of its own, which are deleted afterwards.
"""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Final

from headwater_local import aws_client, names
from headwater_local.cache import Cache
from headwater_writer.spark import jvm

KEPT_ARCHIVES: Final = 3
"""About 100 MB each; several checkouts may share the cache."""

DATABASE: Final = "headwater_training"
PREFIX: Final = "training/"
WAREHOUSE: Final = f"s3://{names.BUCKET}/{PREFIX.rstrip('/')}"


def archive_file(cache: Cache) -> Path:
    """Return where the archive for the present jars is, or is to be."""
    digest = hashlib.sha256()
    for jar in jvm.class_path(cache.jars).split(os.pathsep):
        found = Path(jar).stat()
        digest.update(f"{jar} {found.st_size} {found.st_mtime_ns}\n".encode())
    return cache.cds_archives / f"{digest.hexdigest()[:16]}.jsa"


def drop_old_archives(cache: Cache) -> None:
    """Delete all but the newest few."""
    by_age = sorted(cache.cds_archives.glob("*.jsa"), key=lambda file: file.stat().st_mtime)
    for file in by_age[:-KEPT_ARCHIVES]:
        file.unlink(missing_ok=True)


def create_lake(endpoint: str) -> None:
    """Create the training's database, empty, whatever a training that was interrupted has left."""
    delete_lake(endpoint)
    aws_client.glue(endpoint).create_database(DatabaseInput={"Name": DATABASE})


def delete_lake(endpoint: str) -> None:
    """Delete the training's database and every object below its prefix."""
    glue, s3 = aws_client.glue(endpoint), aws_client.s3(endpoint)
    with contextlib.suppress(glue.exceptions.EntityNotFoundException):
        glue.delete_database(Name=DATABASE)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=names.BUCKET, Prefix=PREFIX):
        for found in page.get("Contents", []):
            s3.delete_object(Bucket=names.BUCKET, Key=found["Key"])
