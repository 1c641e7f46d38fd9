"""A request's body in plain bytes."""

import base64
import binascii
import zlib

from headwater_collector.errors import (
    DamagedBodyError,
    OversizedRequestError,
    UnknownEncodingError,
)
from headwater_collector.request import Request
from headwater_contract.limits import MAX_REQUEST_BYTES
from headwater_contract.quoting import quoted

_GZIP = zlib.MAX_WBITS | 16


def content_of(request: Request) -> bytes:
    """Return a request's body, inflated where it was sent compressed.

    Raises:
        OversizedRequestError: it is longer than a request may be, compressed or inflated.
        UnknownEncodingError: it is compressed with something other than gzip.
        DamagedBodyError: it cannot be inflated, or is not the base64 that it is said to be.
    """
    body = _body_of(request)
    _check_size(len(body))
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        return body
    if encoding in {"gzip", "x-gzip"}:
        return _inflate(body)
    raise UnknownEncodingError(
        f"content-encoding {quoted(encoding)} is not understood: use gzip, or none"
    )


def _body_of(request: Request) -> bytes:
    if not request.is_base64:
        return request.body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(request.body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DamagedBodyError("the body is not valid base64") from error


def _inflate(body: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=_GZIP)
    try:
        # One byte over the limit tells a bomb, however large it would become.
        content = inflater.decompress(body, MAX_REQUEST_BYTES + 1)
    except zlib.error as error:
        raise DamagedBodyError("the body is not valid gzip, though its header says so") from error
    _check_size(len(content))
    if not inflater.eof or inflater.unused_data:
        raise DamagedBodyError("the body is not one whole gzip stream: send all of it, and only it")
    return content


def _check_size(size: int) -> None:
    if size > MAX_REQUEST_BYTES:
        raise OversizedRequestError(f"a request takes at most {MAX_REQUEST_BYTES} bytes: send less")
