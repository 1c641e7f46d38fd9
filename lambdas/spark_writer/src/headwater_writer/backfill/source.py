"""Where a backfill reads: the objects below an S3 prefix, or the files of a local folder."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, cast
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from headwater_contract.quoting import quoted

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NOT_DATA: Final = ("_", ".")
"""What the names of files begin with that Spark and Hive take for no data, as ``_SUCCESS``."""


class SourceError(Exception):
    """Files cannot be found or read; the text says which and why."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source, by its name there, and its size in bytes."""

    name: str
    size: int


class Source(Protocol):
    """Files to read."""

    def files(self) -> Sequence[File]:
        """Return the files, in the order of their names.

        Raises:
            SourceError: there are none, or they cannot be listed.
        """

    def opened(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Return a context that has a file open, from its beginning.

        Raises:
            SourceError: it cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Objects:
    """The object with a key, and those below it as a folder."""

    client: "S3Client"
    bucket: str
    key: str

    @classmethod
    def at(cls, client: "S3Client", uri: str) -> "Objects":
        """Return the objects that ``s3://bucket/folder`` names."""
        parts = urlsplit(uri)
        return cls(client, parts.netloc, parts.path.strip("/"))

    def files(self) -> Sequence[File]:
        """Return the objects; the keys of S3 are in order of their bytes."""
        try:
            return _chosen(list(self._listed()), f"s3://{self.bucket}/{self.key}")
        except (BotoCoreError, ClientError) as error:
            raise SourceError(
                f"cannot list s3://{self.bucket}/{self.key}: {error}; check the name, and that the "
                "function's role may read it"
            ) from error

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """Open a copy of an object: S3 closes a connection that is read as slowly as rows go."""
        with tempfile.TemporaryFile() as copy:
            try:
                self.client.download_fileobj(self.bucket, name, copy)
            except (BotoCoreError, ClientError) as error:
                raise SourceError(f"cannot read the object from S3: {error}") from error
            except OSError as error:
                raise SourceError(
                    f"cannot keep a copy of the object: {error.strerror}; cut it into smaller "
                    "ones, or raise Terraform's writer.ephemeral_storage_mb"
                ) from error
            copy.seek(0)
            yield cast("BinaryIO", copy)

    def _listed(self) -> Iterator[File]:
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=self.key):
            for found in page.get("Contents", []):
                # Not what stands beside the folder under a longer name.
                if not self.key or f"{found['Key']}/".startswith(f"{self.key}/"):
                    yield File(found["Key"], found["Size"])


@dataclass(frozen=True, slots=True)
class Folder:
    """The files below a local folder, or one file."""

    root: Path

    def files(self) -> Sequence[File]:
        """Return the files, by their paths below the folder."""
        try:
            return _chosen(sorted(self._found(), key=lambda file: file.name), str(self.root))
        except OSError as error:
            raise SourceError(f"cannot list {self.root}: {error.strerror}") from error

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """Open a file."""
        try:
            file = (self.root / name).open("rb")
        except OSError as error:
            raise SourceError(f"cannot read the file: {error.strerror}") from error
        with file:
            yield file

    def _found(self) -> Iterator[File]:
        if self.root.is_file():
            yield File("", self.root.stat().st_size)
        for path in self.root.rglob("*"):
            if path.is_file():
                yield File(path.relative_to(self.root).as_posix(), path.stat().st_size)


def source_of(uri: str, client: "S3Client", folder: Path | None) -> Source:
    """Return the source that a URI names.

    ``folder`` is the local folder that may be read; None on AWS, where an operator who may invoke
    the function need not see its files.

    Raises:
        SourceError: it names no source that may be read.
    """
    if uri.startswith("s3://") and urlsplit(uri).netloc:
        return Objects.at(client, uri)
    if folder is not None and Path(uri) == folder:
        return Folder(folder)
    raise SourceError(f"`source` is {quoted(uri)}: give one like s3://bucket/folder/")


def _chosen(files: Sequence[File], where: str) -> Sequence[File]:
    chosen = [file for file in files if file.size and _is_data(file.name)]
    if not chosen:
        raise SourceError(f"there are no files with data at {where}: check the name")
    return chosen


def _is_data(name: str) -> bool:
    return not any(part.startswith(_NOT_DATA) for part in name.split("/"))
