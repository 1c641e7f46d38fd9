import gzip
import io
from typing import BinaryIO, cast

import pytest

from headwater_contract.lines import (
    MAX_ARRAY_BYTES,
    MAX_LINE_BYTES,
    UnreadableFileError,
    is_compressed,
    lines_of,
)

LINES = [b'{"a":1.10}\n', b"\n", b"{bad\n", b'{"b":"\xc3\xa9"}']


def opened(content: bytes) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(io.BytesIO(content)))


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_yields_lines_as_they_are(compress: type[bytes], mark: bytes) -> None:
    file = opened(compress(mark + b"".join(LINES)))

    assert list(lines_of(file)) == LINES


def test_reads_gzip_of_several_members() -> None:
    assert list(lines_of(opened(gzip.compress(b"{}\n") + gzip.compress(b"[]")))) == [b"{}\n", b"[]"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_yields_the_elements_of_an_array_as_they_are(mark: bytes) -> None:
    file = opened(mark + b' [ {"a": 1.10},\n{"b":[1]} , 7]\n')

    assert list(lines_of(file)) == [b'{"a": 1.10}', b'{"b":[1]}', b"7"]


@pytest.mark.parametrize("content", [b'[{"a":1}', b'[{"a":1}]\n[{"b":1}]', b"[" * 100_000])
def test_says_that_an_array_is_none(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="is not one JSON array"):
        list(lines_of(opened(content)))


@pytest.mark.parametrize("head", [b"user,event", b'"user";"event"', b"user\tevent", b"a,b\r"])
def test_says_how_a_table_becomes_messages(head: bytes) -> None:
    with pytest.raises(
        UnreadableFileError, match=r"make a message of each row first: docs/laptop\.md"
    ):
        list(lines_of(opened(head + b"\nada,login\n")))


@pytest.mark.parametrize("content", [b"", b"\n", b"hello\n", b'"a,b"x{"\n', b'{"a":1},\n'])
def test_takes_anything_else_for_lines(content: bytes) -> None:
    assert b"".join(lines_of(opened(content))) == content


@pytest.mark.parametrize("damage", [slice(None, -3), slice(None, 20)])
def test_says_that_gzip_is_damaged(damage: slice) -> None:
    compressed = gzip.compress(b"".join(b'{"a":%d}\n' % number for number in range(9000)))

    with pytest.raises(UnreadableFileError, match="gzip stream is damaged"):
        list(lines_of(opened(compressed[damage])))


def test_tells_compressed_files_apart() -> None:
    assert is_compressed(opened(gzip.compress(b"")))
    assert not is_compressed(opened(b"{}"))


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_holds_no_endless_line(compress: type[bytes]) -> None:
    file = opened(compress(b"{}\n" + bytes(MAX_LINE_BYTES + 1)))
    lines = lines_of(file)

    assert next(lines) == b"{}\n"
    with pytest.raises(UnreadableFileError, match="Line 2 has over 16777216 bytes"):
        next(lines)


def test_holds_no_endless_array() -> None:
    file = opened(gzip.compress(b"[" + b" " * MAX_ARRAY_BYTES + b"]"))

    with pytest.raises(UnreadableFileError, match="an array of over 67108864 bytes"):
        list(lines_of(file))
