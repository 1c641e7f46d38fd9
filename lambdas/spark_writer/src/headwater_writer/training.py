"""A writer's life in small, from which the class archive is made.

Run ``python -m headwater_writer.training ARCHIVE`` with the writer's environment, pointed at a
database and a warehouse of their own: the tables that it makes there are dropped again.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from headwater_contract.stream_record import Entry, Envelope, pack
from headwater_contract.tables import TABLES
from headwater_writer import class_archive, jvm, session
from headwater_writer.decode import ReceivedRecord
from headwater_writer.lake import Lake
from headwater_writer.settings import Settings
from headwater_writer.writer import Writer

_SHARD = "training/shardId-000000000000"
_BATCHES = 3


def train(settings: Settings, archive: Path) -> None:
    """Write some batches, as a writer would, and dump the classes that this loaded.

    Raises:
        JvmError: Java did not start.
        ClassArchiveError: Java did not write the archive.
    """
    with tempfile.TemporaryDirectory() as scratch:
        class_list = Path(scratch) / "classes"
        flags = class_archive.note_classes(class_list)
        java = jvm.start(settings.jars, session.spark_options(settings), flags)
        _live(settings, java)
        java.stop()
        class_archive.dump(class_list, settings.jars, archive)


def _live(settings: Settings, java: jvm.Jvm) -> None:
    spark = session.join(java)
    lake = Lake(spark, settings.database, settings.warehouse, settings.group)
    tables = {table.name: lake.table(table) for table in TABLES}
    for batch in range(_BATCHES):
        # A new writer remembers nothing, so that the second batch reads the shard's recent events.
        fresh = {table.name: lake.table(table) for table in TABLES} if batch == 1 else tables
        writer = Writer(fresh, settings.rules, lambda: datetime.now(UTC))
        writer.write(list(_records(batch)))
    for table in TABLES:
        lake.drop(table)
    spark.stop()


def _records(batch: int) -> Iterator[ReceivedRecord]:
    envelope = Envelope(datetime.now(UTC), "training", user_agent="Mozilla/5.0 (X11; Linux x86_64)")
    entries = [
        Entry(b'{"event":"e","anonymousId":"a","properties":{}}', "track", f"{batch}-track"),
        Entry(b'{"userId":"u","anonymousId":"a","traits":{}}', "identify", f"{batch}-identify"),
        Entry(b"{}", refusal="an example of a refused message"),
    ]
    for data in pack(envelope, entries):
        yield ReceivedRecord(_SHARD, str(batch), data)


if __name__ == "__main__":
    train(Settings.from_environment(os.environ), Path(sys.argv[1]))
