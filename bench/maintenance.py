"""What maintenance of a large table takes of memory and /tmp: ``make bench-maintenance``.

One batch is written by the real writer; its rows, with other ids and times, make the table. Then
the maintenance function does every step to it, once for each size of /tmp, each time to the same
table. Java's heap is what the memory gives it; nothing ends the processes if they take more
together, and the peak says so. /tmp is a file system of the size that is asked for, so this must
run as root.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psutil
import pyarrow as pa
from pyiceberg.catalog import Catalog
from rich.progress import track

from headwater_contract.tables import EVENTS
from headwater_local import aws_client
from headwater_local.lambda_service.event_source.function import FunctionError
from headwater_writer.maintenance.schedule import NAMES
from integration.writer.place import on_the_wall, pyiceberg_catalog
from integration.writer.writer_process import WriterProcess, writer_environment
from stand_in import stand_in
from writer.batches import EVENTS_A_RECORD, invocation

MB: Final = 1024 * 1024
TIMEOUT_SECONDS: Final = 900.0
"""Lambda's longest, which Terraform gives maintenance."""

SPAN: Final = timedelta(days=3)
"""What the rows are spread over: of older ones, repeats are left alone."""

SAMPLE_SECONDS: Final = 0.05
DATABASE: Final = "large"
TABLE: Final = (DATABASE, EVENTS.name)


class Watch(threading.Thread):
    """Looks at a function's processes and its /tmp again and again."""

    def __init__(self, function: WriterProcess, folder: Path) -> None:
        super().__init__(daemon=True)
        self._processes = function.processes()
        self._folder = folder
        self._over = threading.Event()
        self.memory_mb = 0
        self.storage_mb = 0

    def run(self) -> None:
        """Note the most until told to stop."""
        while not self._over.wait(SAMPLE_SECONDS):
            resident = sum(process.memory_info().rss for process in self._processes)
            self.memory_mb = max(self.memory_mb, resident // MB)
            self.storage_mb = max(self.storage_mb, psutil.disk_usage(str(self._folder)).used // MB)

    def finish(self) -> None:
        """Stop."""
        self._over.set()
        self.join()


def write(catalog: Catalog, rows: int, files: int) -> None:
    """Add copies of the table's rows to it, in so many commits of a file each."""
    table = catalog.load_table(TABLE)
    each = rows // files
    sample = table.scan().to_arrow()
    copies = pa.concat_tables([sample] * (each // sample.num_rows + 1)).slice(0, each)
    now = on_the_wall().replace(tzinfo=None)
    for number in track(range(files), "writing"):
        table.append(_at(copies, now - SPAN * (files - number) / files, number))


def _at(rows: pa.Table, time: datetime, number: int) -> pa.Table:
    """Return the rows of one file: of one time, with ids and positions of their own."""
    values: dict[str, list[Any]] = {
        "event_id": [str(uuid4()) for _ in range(rows.num_rows)],
        "ingest_sequence": [f"{number:06}{place:09}" for place in range(rows.num_rows)],
        **dict.fromkeys(("event_time", "server_event_time", "load_time"), [time] * rows.num_rows),
    }
    for name, column in values.items():
        index = rows.schema.get_field_index(name)
        field = rows.schema.field(index)
        rows = rows.set_column(index, field, pa.array(column).cast(field.type))
    return rows


def maintain(environment: Mapping[str, str], directory: Path, storage_mb: int) -> None:
    """Do every step with a /tmp of so many MB, and print what it took."""
    with _file_system(directory / f"tmp-{storage_mb}", storage_mb) as folder:
        settings = {**environment, "TMPDIR": str(folder), "SPARK_LOCAL_DIRS": str(folder)}
        settings["JDK_JAVA_OPTIONS"] += f" -Djava.io.tmpdir={folder}"
        log = directory / f"maintenance-{storage_mb}.log"
        handler = "headwater_writer.functions.maintenance.handler"
        with WriterProcess(settings, log, TIMEOUT_SECONDS, handler) as function:
            function.await_ready()
            watch = Watch(function, folder)
            watch.start()
            steps = _steps(function)
            watch.finish()
    took = f"{watch.memory_mb:,} MB of memory, {watch.storage_mb:,} MB of storage"
    print(f"with {storage_mb:,} MB of storage: {took}")
    print("".join(f"  {step}\n" for step in steps), flush=True)


def _steps(function: WriterProcess) -> list[str]:
    """Return what each step did, a line each, or why there is no report."""
    try:
        answer: Any = function.invoke({"tables": [EVENTS.name], "steps": list(NAMES)}).result()
    except FunctionError as error:
        return [f"failed: {error!s:.300}"]
    [report] = answer["tables"]
    return [
        f"{step['step']:<11}{step['outcome']:<8}{step['seconds']:>8.1f} s  {step['counts']}"
        for step in report["steps"]
    ]


@contextmanager
def _file_system(folder: Path, size_mb: int) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "none", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--files", type=int, default=1_000, help="commits that wrote the rows")
    parser.add_argument("--memory", type=int, default=3008, help="the function's, in MB")
    parser.add_argument("--storage", type=int, nargs="+", default=[4096, 512], help="in MB")
    return parser.parse_args()


def main() -> None:
    """Write the table, and maintain it with each size of /tmp."""
    options = _options()
    if os.geteuid() != 0:
        sys.exit("A /tmp of a given size is mounted, which takes root: run this as root.")
    directory = Path(tempfile.mkdtemp(prefix="headwater-maintenance-"))
    print(f"{options.rows:,} rows in {options.files:,} files; logs are in {directory}", flush=True)
    with stand_in(directory) as endpoint:
        aws_client.glue(endpoint).create_database(DatabaseInput={"Name": DATABASE})
        aws_client.s3(endpoint).create_bucket(Bucket=DATABASE)
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
            **writer_environment(),
            **aws_client.environment(endpoint),
            "GLUE_DATABASE": DATABASE,
            "WAREHOUSE": f"s3://{DATABASE}/lake",
            "JDK_JAVA_OPTIONS": f"-XX:MaxRAM={options.memory}m",
        }
        with WriterProcess(environment, directory / "writer.log", TIMEOUT_SECONDS) as writer:
            writer.invoke(invocation(0, 250 * EVENTS_A_RECORD)).result()
        catalog = pyiceberg_catalog(endpoint)
        write(catalog, options.rows, options.files)
        written = catalog.load_table(TABLE).metadata_location
        for storage_mb in options.storage:
            maintain(environment, directory, storage_mb)
            # Its files are all there: expiry and orphans leave alone what is young.
            catalog.drop_table(TABLE)
            catalog.register_table(TABLE, written)


if __name__ == "__main__":
    main()
