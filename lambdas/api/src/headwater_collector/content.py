"""A request's body in plain bytes."""

import base64
import binascii
import zlib
from io import BytesIO
from typing import Final

from headwater_collector.errors import (
    DamagedBodyError,
    OversizedRequestError,
    UnknownEncodingError,
)
from headwater_collector.request import Request
from headwater_contract.limits import MAX_REQUEST_BYTES
from headwater_contract.quoting import quoted

_GZIP: Final = zlib.MAX_WBITS | 16
_PIECE: Final = 4096
"""Bytes that are inflated at a time. What follows a member's end is copied, so that a body of
thousands of members would take the square of its length if it were inflated in one piece."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def content_of(request: Request) -> bytes:
    """Return a request's body, inflated if it was sent compressed, without a byte order mark.

    .NET and PowerShell write the mark; RFC 8259, section 8.1, lets a parser ignore it.

    Raises:
        OversizedRequestError: it is longer than a request may be, compressed or inflated.
        UnknownEncodingError: it is compressed with something other than gzip.
        DamagedBodyError: it cannot be inflated, or is not the base64 that it is said to be.
    """
    body = _body_of(request)
    _check_size(body)
    return _decoded(body, request.headers.get("content-encoding", "")).removeprefix(
        _BYTE_ORDER_MARK
    )


def _body_of(request: Request) -> bytes:
    if not request.is_base64:
        return request.body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(request.body, validate=True)
    except (binascii.Error, ValueError) as error:
        sent = request.body.encode(errors="surrogatepass")
        raise DamagedBodyError("the body is not valid base64", sent) from error


def _decoded(body: bytes, encoding: str) -> bytes:
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return _inflate(body)
    raise UnknownEncodingError(
        f"content-encoding {quoted(encoding)} is not understood: use gzip, or none", body
    )


def _inflate(body: bytes) -> bytes:
    try:
        return _inflate_members(body)
    except zlib.error as error:
        raise DamagedBodyError(
            "the body is not valid gzip, though its header says so", body
        ) from error


def _inflate_members(body: bytes) -> bytes:
    """Return what all members of a gzip body hold (RFC 1952, 2.2); zeros may pad them."""
    source, content = BytesIO(body), bytearray()
    inflater = zlib.decompressobj(wbits=_GZIP)
    rest = b""
    while data := rest or source.read(_PIECE):
        rest = b""
        if inflater.eof:
            data = data.lstrip(b"\0")
            if not data:
                continue
            inflater = zlib.decompressobj(wbits=_GZIP)
        # One byte over the limit tells a bomb, however large it would become.
        content += inflater.decompress(data, MAX_REQUEST_BYTES + 1 - len(content))
        _check_size(content)
        rest = inflater.unconsumed_tail or inflater.unused_data
    if not inflater.eof:
        raise DamagedBodyError("the body's gzip stream ends too early: send all of it", body)
    return bytes(content)


def _check_size(body: bytes | bytearray) -> None:
    if len(body) > MAX_REQUEST_BYTES:
        raise OversizedRequestError(
            f"a request takes at most {MAX_REQUEST_BYTES} bytes: send less", bytes(body)
        )
