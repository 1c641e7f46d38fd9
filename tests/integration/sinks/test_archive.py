"""The archive's process on a real stream and bucket, and DuckDB on what it writes."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import pytest

from eventually import eventually
from headwater_contract.envelope import Entry
from headwater_contract.stream_record import pack
from headwater_local import aws_client, names
from headwater_local.data_dir import DataDir
from headwater_local.ministack.provision import provision
from unit.writer.builders import ENVELOPE, entry

RECORDS: Final = 200
EACH: Final = 20
KILLS: Final = 3
REFUSED: Final = Entry(b'{"type":"page"}', refusal="userId and anonymousId are both missing")
DOCS: Final = Path(__file__).parents[3] / "docs" / "sinks.md"


class Archiving:
    """The process, which may be killed, and what it has written."""

    def __init__(self, endpoint: str, folder: Path) -> None:
        self.folder = folder
        self._s3 = aws_client.s3(endpoint)
        self._environment = {
            **os.environ,
            **aws_client.environment(endpoint),
            "ARCHIVE_BUCKET": names.BUCKET,
            "ARCHIVE_PREFIX": names.ARCHIVE_PREFIX,
            "REFUSED_PREFIX": f"{names.ARCHIVE_ERRORS_PREFIX}refused/",
            "DATA_DIR": str(folder / "data"),
        }
        (folder / "data" / "driver").mkdir(parents=True)

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run the process until it reads, and kill it in the end if it has not stopped."""
        report = DataDir.at(self.folder / "data").driver_report(names.ARCHIVE)
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "headwater_local.firehose.process"]
        with subprocess.Popen(command, env=self._environment) as process:
            try:
                eventually(report.exists, 60.0)
                yield process
            finally:
                process.kill()

    def objects(self, prefix: str) -> list[str]:
        """Return the keys below a prefix."""
        found = self._s3.list_objects_v2(Bucket=names.BUCKET, Prefix=prefix)
        return [each["Key"] for each in found.get("Contents", [])]

    def events(self) -> list[str]:
        """Load the archive into DuckDB as the docs say, and return the ids of its events."""
        for key in self.objects(names.ARCHIVE_PREFIX):
            copy = self.folder / "copy" / key.rpartition("/")[2]
            copy.parent.mkdir(exist_ok=True)
            self._s3.download_file(names.BUCKET, key, str(copy))
        [sql] = re.findall(r"```sql\n(create table events as.*?)```", DOCS.read_text(), re.DOTALL)
        pattern = r"s3://NAME-raw-…/archive/2026/01/31/\*/\*\.gz"
        statement, found = re.subn(pattern, f"{self.folder}/copy/*.gz", sql)
        assert found == 1
        with duckdb.connect() as connection:
            connection.execute(statement)
            rows = connection.execute("select event_id, app_id, event, user_id from events")
            found_rows = rows.fetchall()
        assert {row[1:] for row in found_rows} == {("shop", "Ping", "u-1")}
        return sorted(row[0] for row in found_rows)


@pytest.fixture
def archiving(aws_endpoint: str, tmp_path: Path) -> Archiving:
    """Put records on a stream, and return what archives it."""
    provision(aws_endpoint)
    kinesis = aws_client.kinesis(aws_endpoint)
    for number in range(RECORDS):
        entries = [REFUSED, *(entry(f"{number}-{each}") for each in range(EACH))]
        [data] = pack(ENVELOPE, entries)
        kinesis.put_record(StreamName=names.STREAM, Data=data, PartitionKey=str(number))
    return Archiving(aws_endpoint, tmp_path)


def test_archives_every_event_though_it_is_killed(archiving: Archiving) -> None:
    for kill in range(KILLS):
        with archiving.running():
            wanted = names.ARCHIVE_ERRORS_PREFIX if kill == 0 else names.ARCHIVE_PREFIX
            eventually(partial(archiving.objects, wanted), 60.0)
    expected = sorted(f"{number}-{each}" for number in range(RECORDS) for each in range(EACH))
    with archiving.running() as process:
        eventually(lambda: archiving.events() == expected, 60.0)
        process.terminate()
        assert process.wait(60) == 0

    assert archiving.events() == expected
    assert archiving.objects(f"{names.ARCHIVE_ERRORS_PREFIX}refused/")
    assert not archiving.objects(f"{names.ARCHIVE_ERRORS_PREFIX}processing-failed/")
