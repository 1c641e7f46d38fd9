import base64
import gzip
from dataclasses import replace

import pytest

from headwater_collector.content import content_of
from headwater_collector.errors import (
    DamagedBodyError,
    OversizedRequestError,
    UnknownEncodingError,
)
from headwater_collector.request import Request, read_request
from headwater_contract.limits import MAX_MESSAGE_BYTES, MAX_REQUEST_BYTES
from unit.collector.client import recorded_event


def request_with(body: bytes, encoding: str = "") -> Request:
    request = read_request(recorded_event("http_api.json"))
    return replace(
        request,
        headers={"content-encoding": encoding},
        body=base64.b64encode(body).decode(),
        is_base64=True,
    )


def test_returns_text_as_its_utf_8_bytes() -> None:
    request = replace(request_with(b""), body="Zürich", is_base64=False)

    assert content_of(request) == "Zürich".encode()


def test_returns_text_without_utf_8_as_bytes_that_are_not_valid() -> None:
    request = replace(request_with(b""), body="\ud800", is_base64=False)

    assert content_of(request) == b"\xed\xa0\x80"


@pytest.mark.parametrize("encoding", ["", "identity", "Identity "])
def test_returns_a_plain_body_untouched(encoding: str) -> None:
    assert content_of(request_with(b"\x00\xff", encoding)) == b"\x00\xff"


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
def test_inflates_gzip(encoding: str) -> None:
    assert content_of(request_with(gzip.compress(b"plain"), encoding)) == b"plain"


@pytest.mark.parametrize("padding", [0, 1, 5000])
@pytest.mark.parametrize("members", [[b"", b"a"], [b"a", b"bc" * 9000, b""], [b"x"] * 300])
def test_inflates_every_member(members: list[bytes], padding: int) -> None:
    body = b"".join(gzip.compress(member) for member in members) + bytes(padding)

    assert content_of(request_with(body, "gzip")) == b"".join(members)


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_leaves_a_byte_order_mark_out(encoding: str) -> None:
    marked = "\ufeff{}".encode()

    body = gzip.compress(marked) if encoding else marked
    assert content_of(request_with(body, encoding)) == b"{}"


def test_members_together_have_the_limit_of_one() -> None:
    member = gzip.compress(bytes(MAX_REQUEST_BYTES // 2 + 1))

    with pytest.raises(OversizedRequestError):
        content_of(request_with(member * 2, "gzip"))


def test_takes_a_body_at_the_limit() -> None:
    body = b"x" * MAX_REQUEST_BYTES

    assert content_of(request_with(body)) == body
    assert content_of(request_with(gzip.compress(body), "gzip")) == body


def test_refuses_a_body_over_the_limit() -> None:
    with pytest.raises(OversizedRequestError, match="at most 500000 bytes"):
        content_of(request_with(b"x" * (MAX_REQUEST_BYTES + 1)))


@pytest.mark.parametrize("inflated", [MAX_REQUEST_BYTES + 1, 100_000_000])
def test_refuses_what_inflates_over_the_limit(inflated: int) -> None:
    with pytest.raises(OversizedRequestError):
        content_of(request_with(gzip.compress(bytes(inflated)), "gzip"))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"plain", id="not gzip"),
        pytest.param(gzip.compress(b"plain")[:-1], id="truncated"),
        pytest.param(gzip.compress(b"plain")[:-8] + bytes(8), id="wrong checksum"),
        pytest.param(gzip.compress(b"plain") + b"more", id="something else behind it"),
        pytest.param(gzip.compress(b"plain") + gzip.compress(b"x")[:-1], id="second truncated"),
        pytest.param(bytes(100), id="zeros"),
    ],
)
def test_refuses_gzip_that_is_damaged(body: bytes) -> None:
    with pytest.raises(DamagedBodyError, match="gzip"):
        content_of(request_with(body, "gzip"))


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "☃"])
def test_refuses_other_encodings(encoding: str) -> None:
    with pytest.raises(UnknownEncodingError, match="use gzip, or none"):
        content_of(request_with(b"", encoding))


def test_keeps_the_beginning_of_what_it_cannot_read() -> None:
    with pytest.raises(OversizedRequestError) as error:
        content_of(request_with(gzip.compress(b"x" * 600_000), "gzip"))

    assert error.value.beginning == b"x" * MAX_MESSAGE_BYTES


@pytest.mark.parametrize("body", ["a", "%%%%", "Zürich"])
def test_refuses_a_body_that_is_not_the_base64_it_should_be(body: str) -> None:
    with pytest.raises(DamagedBodyError, match="base64"):
        content_of(replace(request_with(b""), body=body))
