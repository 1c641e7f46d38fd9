"""Where the state of a config is kept: an object in S3, or a file.

It is replaced atomically, and only if it is still the version that was read: of two pollers with
one id, one fails.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from headwater_poller.errors import ConflictError, StateError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import PutObjectRequestTypeDef


class Saved(NamedTuple):
    """What was saved, and the tag of that version; both None if nothing was."""

    text: bytes | None = None
    tag: str | None = None


class Store(Protocol):
    """Keeps one text."""

    def load(self) -> Saved:
        """Return what is saved.

        Raises:
            StateError: it cannot be read.
        """

    def save(self, text: bytes, tag: str | None) -> str:
        """Replace what was saved with a tag, and return the new one.

        Raises:
            ConflictError: something else is saved by now.
            StateError: it cannot be written.
        """


@dataclass(frozen=True, slots=True)
class S3Store:
    """An object in S3, written under a condition ("Conditional requests", S3 user guide)."""

    client: "S3Client"
    bucket: str
    key: str

    @classmethod
    def at(cls, client: "S3Client", uri: str) -> "S3Store":
        """Return the store at ``s3://bucket/key``."""
        parts = urlsplit(uri)
        return cls(client, parts.netloc, parts.path.lstrip("/"))

    def load(self) -> Saved:
        """Return what is saved."""
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=self.key)
            return Saved(found["Body"].read(), found["ETag"])
        except self.client.exceptions.NoSuchKey:
            return Saved()
        except (BotoCoreError, ClientError) as error:
            raise StateError(f"the state cannot be read from {self._uri}: {error}") from error

    def save(self, text: bytes, tag: str | None) -> str:
        """Replace what was saved with a tag."""
        request: PutObjectRequestTypeDef = {
            "Bucket": self.bucket,
            "Key": self.key,
            "Body": text,
            "ContentType": "application/json",
        }
        if tag is None:
            request["IfNoneMatch"] = "*"
        else:
            request["IfMatch"] = tag
        try:
            return self.client.put_object(**request)["ETag"]
        except ClientError as error:
            if _is_conflict(error):
                return self._require_own(text, error)
            raise StateError(f"the state cannot be written to {self._uri}: {error}") from error
        except BotoCoreError as error:
            raise StateError(f"the state cannot be written to {self._uri}: {error}") from error

    def _require_own(self, text: bytes, error: ClientError) -> str:
        # The answer to an earlier attempt may have been lost: then what is there is this.
        saved = self.load()
        if saved.text != text or saved.tag is None:
            raise _conflict(self._uri) from error
        return saved.tag

    @property
    def _uri(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


def _is_conflict(error: ClientError) -> bool:
    return error.response["ResponseMetadata"]["HTTPStatusCode"] in {404, 409, 412}


def _conflict(where: str) -> ConflictError:
    return ConflictError(
        f"another poller has written {where} meanwhile: run one poller for each config id"
    )


@dataclass(frozen=True, slots=True)
class FileStore:
    """A file, with a lock beside it."""

    path: Path

    def load(self) -> Saved:
        """Return what is saved."""
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return Saved()
        except OSError as error:
            raise StateError(f"{self.path} cannot be read ({error.strerror})") from error
        return Saved(text, sha256(text).hexdigest())

    def save(self, text: bytes, tag: str | None) -> str:
        """Replace what was saved with a tag."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _locked(self.path.with_suffix(".lock")):
                if self.load().tag != tag:
                    raise _conflict(str(self.path))
                _replace(self.path, text)
        except OSError as error:
            raise StateError(f"{self.path} cannot be written ({error.strerror})") from error
        return sha256(text).hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _replace(path: Path, text: bytes) -> None:
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


class MemoryStore:
    """A store in memory; ``texts`` are all that were saved."""

    def __init__(self) -> None:
        self.texts: list[bytes] = []

    def load(self) -> Saved:
        """Return what is saved."""
        return Saved(self.texts[-1], str(len(self.texts))) if self.texts else Saved()

    def save(self, text: bytes, tag: str | None) -> str:
        """Replace what was saved with a tag."""
        if self.load().tag != tag:
            raise _conflict("memory")
        self.texts.append(text)
        return str(len(self.texts))
