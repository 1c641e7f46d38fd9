"""Where a document's text is: a file, or an object in S3."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from headwater_documents.document import MAX_BYTES, DocumentError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ENOUGH: Final = MAX_BYTES + 1
"""Bytes that show that a document is too large."""


def read_text(source: str, s3: Callable[[], "S3Client"]) -> bytes:
    """Return the text at a path or an ``s3://`` URI.

    Raises:
        DocumentError: it cannot be read.
    """
    return _object(s3(), source) if source.startswith("s3://") else read_file(Path(source))


def read_file(path: Path) -> bytes:
    """Return the text in a file.

    Raises:
        DocumentError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(_ENOUGH)
    except OSError as error:
        raise DocumentError(f"it cannot be read ({error.strerror})") from error


def _object(s3: "S3Client", uri: str) -> bytes:
    parts = urlsplit(uri)
    try:
        found = s3.get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))
        return found["Body"].read(_ENOUGH)
    except (BotoCoreError, ClientError) as error:
        raise DocumentError(f"it cannot be read ({error})") from error
