"""An archive of what a stream carried, as a folder of files."""

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

from headwater_contract.archive_line import Archived, archive_line
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import unpack


def lines_of_records(records: Sequence[ReceivedRecord]) -> Iterator[bytes]:
    """Yield a line for each accepted message of the records."""
    for record in records:
        unpacked = unpack(record.data)
        for index, entry in enumerate(unpacked.entries):
            if entry.refusal is None:
                yield archive_line(
                    Archived(unpacked.envelope, entry, record.shard, record.sequence, index)
                )


def write_archive(folder: Path, *files: Sequence[ReceivedRecord]) -> Path:
    """Write an object of each list of records, in order, and return the folder."""
    for number, records in enumerate(files):
        file = folder / f"2026/01/31/{number:02}" / "part.gz"
        file.parent.mkdir(parents=True)
        file.write_bytes(gzip.compress(b"".join(lines_of_records(records))))
    return folder
