"""The messages in a file: JSON lines, or one JSON array of them, compressed with gzip or not."""

import gzip
import io
import re
import uuid
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final, cast

import msgspec

from headwater_contract.message import decode_message, id_text
from headwater_contract.quoting import quoted
from headwater_contract.undecodable import UndecodableMessageError

_GZIP_MAGIC: Final = b"\x1f\x8b"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_PEEKED: Final = 64 * 1024

MAX_LINE_BYTES: Final = 16 * 1024 * 1024
MAX_ARRAY_BYTES: Final = 64 * 1024 * 1024
"""What is held in memory at once. A message has at most 32 KB."""

_COLUMNS: Final = re.compile(rb"[^{}\[\]]+[,;\t][^{}\[\]]+")
"""A first line as a CSV file has it: names with something between them, and nothing of JSON."""

_LINES: Final = uuid.UUID("6f2c1c1e-5a3a-4b0e-9d7e-0c4b7c1d9a55")
"""The namespace of ids that are made of lines (RFC 9562, section 6.5)."""

_decode_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode


class UnreadableFileError(ValueError):
    """A file is not one of messages, or is damaged; the text says why and what to do."""


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file, or the elements of the JSON array that it is, byte for byte.

    Raises:
        UnreadableFileError: it is a table, an array that is not JSON or too large, or gzip that is
            damaged, or a line is too long.
    """
    source = _plain(file)
    try:
        head = source.peek(_PEEKED).removeprefix(_BYTE_ORDER_MARK)
        yield from _elements(source) if head.lstrip().startswith(b"[") else _lines(source, head)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFileError(
            f"The file's gzip stream is damaged ({error}): compress it again."
        ) from error


def is_compressed(file: BinaryIO) -> bool:
    """Return whether a file begins as gzip does, and leave it at its beginning."""
    return cast("io.BufferedReader", file).peek(len(_GZIP_MAGIC)).startswith(_GZIP_MAGIC)


def _plain(file: BinaryIO) -> io.BufferedReader:
    if not is_compressed(file):
        return cast("io.BufferedReader", file)
    return io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=file)), _PEEKED)


def _lines(source: io.BufferedReader, head: bytes) -> Iterator[bytes]:
    first = head.partition(b"\n")[0].strip()
    if _COLUMNS.fullmatch(first):
        raise UnreadableFileError(
            f"The file is not JSON: its first line is {quoted(first.decode(errors='replace'))}. "
            'If it is a table, make a message of each row first: docs/laptop.md, "A CSV file".'
        )
    for number, line in enumerate(iter(lambda: source.readline(MAX_LINE_BYTES + 1), b"")):
        if len(line) > MAX_LINE_BYTES:
            raise UnreadableFileError(
                f"Line {number + 1} has over {MAX_LINE_BYTES} bytes: give each message a line."
            )
        yield line.removeprefix(_BYTE_ORDER_MARK) if number == 0 else line


def _elements(source: io.BufferedReader) -> Iterator[bytes]:
    text = source.read(MAX_ARRAY_BYTES + 1)
    if len(text) > MAX_ARRAY_BYTES:
        raise UnreadableFileError(
            f"The file is an array of over {MAX_ARRAY_BYTES} bytes: give each message a line, "
            "as `jq -c '.[]'` does."
        )
    try:
        elements = _decode_list(text.removeprefix(_BYTE_ORDER_MARK))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UnreadableFileError(
            f"The file begins with [, and is not one JSON array ({error}): send an array of "
            "messages, or a message a line."
        ) from error
    yield from map(bytes, elements)


def completed(number: int, text: bytes) -> bytes:
    """Return a message's JSON text with what a line of a file may leave out.

    One without a ``messageId`` gets one that is made of the line's number and its content, so that
    the same file, or one to which lines were added, never makes a second event of it; one with an
    ``event`` and no ``type`` is a track call. What is not a message stays as it is.
    """
    try:
        message = decode_message(text)
    except UndecodableMessageError:
        return text
    missing = {}
    if id_text(message.message_id) is None:
        missing["messageId"] = str(uuid.uuid5(_LINES, f"{number}\n{text.decode()}"))
    if not message.type and message.event:
        missing["type"] = "track"
    return _with_members(text, missing) if missing else text


def _with_members(text: bytes, members: dict[str, str]) -> bytes:
    # At the end: of a key that is there twice, as null before, the last counts.
    inside, added = text[:-1].rstrip(), msgspec.json.encode(members)[1:]
    return inside + added if inside == b"{" else b"%b,%b" % (inside, added)
