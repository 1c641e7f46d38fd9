import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from headwater_writer.backfill.source import File, Folder, Objects, SourceError, source_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOBODY = cast("S3Client", None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with files of data, and others."""
    for name in ("b.gz", "a/2.gz", "a/1.gz", "_SUCCESS", ".hidden/x", "a/_temporary/x"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    (tmp_path / "empty").touch()
    return tmp_path


def test_finds_the_files_with_data_in_order(folder: Path) -> None:
    assert Folder(folder).files() == [File("a/1.gz", 2), File("a/2.gz", 2), File("b.gz", 2)]


def test_takes_a_single_file(folder: Path) -> None:
    source = Folder(folder / "b.gz")

    [file] = source.files()
    with source.opened(file.name) as opened:
        assert opened.read() == b"{}"


@pytest.mark.parametrize("name", ["nothing", "empty", ".hidden/y"])
def test_says_that_there_is_nothing(folder: Path, name: str) -> None:
    with pytest.raises(SourceError, match="there are no files with data at "):
        Folder(folder / name).files()


def test_says_that_a_file_cannot_be_read(folder: Path) -> None:
    with pytest.raises(SourceError, match="cannot read the file: "), Folder(folder).opened("gone"):
        pass


class FullDisk:
    """An S3 whose objects are larger than the disk."""

    def download_fileobj(self, *_: object) -> None:
        """Fail as a write to a full disk does."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_says_that_an_object_does_not_fit_the_disk() -> None:
    source = Objects(cast("S3Client", FullDisk()), "bucket", "a")

    with pytest.raises(SourceError, match="No space left on device; cut it into smaller ones"):
        source.opened("a/1.gz").__enter__()


def test_reads_only_the_folder_that_it_may(folder: Path) -> None:
    assert source_of(str(folder), NOBODY, folder) == Folder(folder)
    assert source_of("s3://bucket/a/", NOBODY, folder) == Objects(NOBODY, "bucket", "a")


@pytest.mark.parametrize("uri", ["/etc", "s3://", "s3:///a", "file:///etc", ".", "https://x/"])
@pytest.mark.parametrize("allowed", [None, Path("/other")])
def test_refuses_anything_else(uri: str, allowed: Path | None) -> None:
    with pytest.raises(SourceError, match="give one like s3://bucket/folder/"):
        source_of(uri, NOBODY, allowed)
