"""The messages in a file: JSON lines, or one JSON array of them, compressed with gzip or not."""

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final, cast

import msgspec

from headwater_contract.quoting import quoted
from headwater_local.errors import SendError

_GZIP_MAGIC: Final = b"\x1f\x8b"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_PEEKED: Final = 64 * 1024

_COLUMNS: Final = re.compile(rb"[^{}\[\]]+[,;\t][^{}\[\]]+")
"""A first line as a CSV file has it: names with something between them, and nothing of JSON."""

_decode_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file, or the elements of the JSON array that it is, byte for byte.

    Raises:
        SendError: it is a table, an array that is not JSON, or gzip that is damaged.
    """
    source = _plain(file)
    try:
        head = source.peek(_PEEKED).removeprefix(_BYTE_ORDER_MARK)
        yield from _elements(source) if head.lstrip().startswith(b"[") else _lines(source, head)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SendError(
            f"The file's gzip stream is damaged ({error}): compress it again."
        ) from error


def is_compressed(file: BinaryIO) -> bool:
    """Return whether a file begins as gzip does, and leave it at its beginning."""
    return cast("io.BufferedReader", file).peek(len(_GZIP_MAGIC)).startswith(_GZIP_MAGIC)


def _plain(file: BinaryIO) -> io.BufferedReader:
    plain = gzip.GzipFile(fileobj=file) if is_compressed(file) else file
    return io.BufferedReader(cast("io.RawIOBase", plain), _PEEKED)


def _lines(source: Iterable[bytes], head: bytes) -> Iterator[bytes]:
    first = head.partition(b"\n")[0].strip()
    if _COLUMNS.fullmatch(first):
        raise SendError(
            f"The file is not JSON: its first line is {quoted(first.decode(errors='replace'))}. "
            'If it is a table, make a message of each row first: docs/laptop.md, "A CSV file".'
        )
    for number, line in enumerate(source):
        yield line.removeprefix(_BYTE_ORDER_MARK) if number == 0 else line


def _elements(source: io.BufferedReader) -> Iterator[bytes]:
    try:
        elements = _decode_list(source.read().removeprefix(_BYTE_ORDER_MARK))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise SendError(
            f"The file begins with [, and is not one JSON array ({error}): send an array of "
            "messages, or a message a line."
        ) from error
    yield from map(bytes, elements)
