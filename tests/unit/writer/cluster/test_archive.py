"""A file of an archive as rows, and what of it cannot become one."""

from collections import Counter
from pathlib import Path

import pytest

from headwater_contract.envelope import Entry
from headwater_writer.backfill.messages import UnknownAppError
from headwater_writer.backfill.source import File, Folder, SourceError
from headwater_writer.cluster.archive import FileEnd, shaped
from unit.writer.backfill.archives import write_archive
from unit.writer.builders import RULES, SHARD, entry, now, record
from unit.writer.publish.places import PAID, STRICT

REFUSED = Entry(b"{}", refusal="it is not a message")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    records = [record(1, entry("a"), REFUSED, PAID), record(2, entry("b", "identify"))]
    return write_archive(tmp_path / "archive", records)


def test_yields_rows_with_the_positions_that_they_had_on_the_stream(archive: Path) -> None:
    source = Folder(archive)
    [file] = source.files()

    *portions, end = shaped(source, file, None, RULES, now())

    events = [row for rows in portions if not isinstance(rows, FileEnd) for row in rows["events"]]
    assert [
        (row["ingest_shard"], row["ingest_sequence"], row["ingest_index"]) for row in events
    ] == [
        (SHARD, "1", 0),
        (SHARD, "1", 2),
        (SHARD, "2", 0),
    ]
    assert end == FileEnd(3, Counter(), [])


def test_counts_and_names_what_cannot_become_a_row(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"type": "track", "event": "paid", "userId": "u"}\nno\n')
    source = Folder(tmp_path)
    [file] = source.files()

    *_, end = shaped(source, file, "shop", STRICT, now())

    assert isinstance(end, FileEnd)
    assert [each.place for each in end.named] == [("a.jsonl", 2)]
    assert end.failing.total() == 1
    assert FileEnd.decoded(end.encoded()) == end


def test_refuses_files_of_nobody_s_messages(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"type": "track", "event": "paid", "userId": "u"}\n')
    source = Folder(tmp_path)

    with pytest.raises(UnknownAppError):
        list(shaped(source, source.files()[0], None, RULES, now()))


def test_a_file_that_cannot_be_fetched_fails_its_task(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.jsonl: cannot read the file"):
        list(shaped(Folder(tmp_path), File("gone.jsonl", 1), "shop", RULES, now()))
