"""A table's metadata files: each commit writes one, numbered, and the catalog names the newest.

So a table that the catalog has lost is whole: its newest file has its state, ledger included.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from pyspark.sql import SparkSession

from headwater_writer.spark.java import JavaObject, is_instance

# "Table Metadata Files" of Iceberg's specification, with the codec that its writers put in between.
_NAME: Final = re.compile(r".*/(?P<version>\d+)-[^/]+\.metadata\.json")


class UnregisteredTableError(Exception):
    """The catalog does not have a table whose folder has metadata; the text says what to do."""


def of_highest_version(locations: Iterable[str]) -> Sequence[str]:
    """Return the metadata files with the highest number; others in the folder do not count.

    There are two if a process died between writing its file and losing the race to the catalog.
    There are none if the file before is not there: Iceberg deletes all files of a table that is
    dropped, but not that of a commit that was under way; nor if the table never changed.
    """
    versions = {location: int(name["version"]) for location, name in _metadata(locations)}
    highest = max(versions.values(), default=0)
    if highest - 1 not in versions.values():
        return []
    return sorted(each for each, version in versions.items() if version == highest)


def in_folder(spark: SparkSession, io: JavaObject, folder: str) -> Sequence[str]:
    """Return the files in a table's folder of metadata, by the table's own ``FileIO``.

    One that lists no folders, as that of tables in memory, has none.
    """
    if not is_instance(spark, io, "org.apache.iceberg.io.SupportsPrefixOperations"):
        return []
    listed, found = io.listPrefix(f"{folder}/metadata/").iterator(), []
    while listed.hasNext():
        found.append(str(listed.next().location()))
    return found


def _metadata(locations: Iterable[str]) -> Iterable[tuple[str, re.Match[str]]]:
    for location in locations:
        if name := _NAME.fullmatch(location):
            yield location, name
