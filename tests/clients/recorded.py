"""Requests of clients that the tests cannot run: recorded, or as their sources build them."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import httpx

from clients.http_request import HttpRequest

_FOLDER = Path(__file__).with_name("requests")


def recorded_requests(client: str) -> list[HttpRequest]:
    """Return what a client sends, in order."""
    requests = json.loads((_FOLDER / f"{client}.json").read_text())
    return [HttpRequest(**{**each, "body": _encoded(each)}) for each in requests]


def send(api_url: str, request: HttpRequest) -> httpx.Response:
    """Send a request as it is, in chunks if that is how it goes."""
    is_chunked = request.headers.get("transfer-encoding") == "chunked"
    content = _chunks(request.body) if is_chunked else request.body
    with httpx.Client(trust_env=False, timeout=30) as client:
        # httpx's own headers would come with it.
        client.headers.clear()
        url = httpx.URL(api_url).copy_with(raw_path=request.target.encode())
        return client.request(request.method, url, headers=request.headers, content=content)


def _encoded(request: dict[str, object]) -> bytes:
    body = str(request["body"]).encode()
    headers = request["headers"]
    assert isinstance(headers, dict)
    return gzip.compress(body) if headers.get("content-encoding") == "gzip" else body


def _chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 100):
        yield body[start : start + 100]
