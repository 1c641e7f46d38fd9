"""The JVM's class archive: made on a first run, so that the writer starts in half the time.

Java takes an archive only if the jars on its class path are those that it was
made with, to the modification time, and silently starts slowly otherwise. So
the archive's name is a digest of just that, and a changed jar makes a new one.
"""

import hashlib
import os
from pathlib import Path

from headwater_local.cache import Cache
from headwater_writer.spark import jvm

KEPT_ARCHIVES = 3
"""About 100 MB each; several checkouts may share the cache."""


def archive_file(cache: Cache) -> Path:
    """Return where the archive for the present jars is, or is to be."""
    digest = hashlib.sha256()
    for jar in jvm.class_path(cache.jars).split(os.pathsep):
        found = Path(jar).stat()
        digest.update(f"{jar} {found.st_size} {found.st_mtime_ns}\n".encode())
    return cache.class_archives / f"{digest.hexdigest()[:16]}.jsa"


def drop_old_archives(cache: Cache) -> None:
    """Delete all but the newest few."""
    by_age = sorted(cache.class_archives.glob("*.jsa"), key=lambda file: file.stat().st_mtime)
    for file in by_age[:-KEPT_ARCHIVES]:
        file.unlink(missing_ok=True)
