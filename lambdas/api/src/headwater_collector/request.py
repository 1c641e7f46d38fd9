"""The HTTP request behind a Lambda event.

API Gateway's HTTP APIs and function URLs send the same event: payload format version 2.0 ("Working
with AWS Lambda proxy integrations for HTTP APIs", Amazon API Gateway developer guide).
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_MAX_HEADER_CHARACTERS = 2048
_SLASHES = re.compile("/{2,}")

_EDGE_SECRET: Final = "headwater-edge-secret"  # noqa: S105 -- a header's name
_EDGE_ADDRESS: Final = "headwater-viewer-address"
_EDGE_HOST: Final = "headwater-viewer-host"
"""What the distribution of Terraform's ``sdk_hosting`` adds to a request (``viewer.js``)."""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request.

    ``path`` has no repeated and no trailing slashes. ``stage_path`` is what API Gateway's
    stage puts before it: empty or like ``/test``. ``query`` is decoded.
    All text but the body's is valid Unicode. Header names are lower case; values are bounded.
    ``gpc``: the browser asks for privacy by Global Privacy Control.
    ``country`` and ``city`` are the visitor's, where they are known. ``body`` is as the event has
    it: base64 where ``is_base64``, and still compressed where it was sent so.
    """

    method: str
    path: str
    stage_path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    gpc: bool
    ip: str
    country: str | None
    city: str | None
    user_agent: str | None
    body: str
    is_base64: bool


def read_request(
    event: Mapping[str, Any], *, trust_cloudfront: bool = False, edge_secret: str = ""
) -> Request:
    """Return the request that a Lambda event of payload version 2.0 describes.

    A request with ``edge_secret`` comes through our own distribution, which tells the visitor's
    address and the host that was asked for.

    With ``trust_cloudfront`` the headers that CloudFront adds say where the visitor is ("Add
    CloudFront request headers", Amazon CloudFront developer guide). Any client can send the same
    headers to a collector that it reaches without CloudFront.
    """
    context = event["requestContext"]
    # With a slash at the end of their host, Segment's clients ask for "//v1/batch".
    path = _SLASHES.sub("/", _encodable(event["rawPath"]))
    stage_path = _stage_path(context.get("stage", "$default"), path)
    headers = _headers(event)
    address = _take_edge(headers, edge_secret)
    edge = headers if trust_cloudfront else {}
    return Request(
        method=_encodable(context["http"]["method"]),
        path=path.removeprefix(stage_path).rstrip("/") or "/",
        stage_path=stage_path,
        query=_query(event),
        headers=headers,
        gpc=headers.get("sec-gpc") == "1",  # No other value means anything (W3C, "Sec-GPC").
        ip=address or _viewer_address(edge) or _clean(context["http"]["sourceIp"]),
        country=edge.get("cloudfront-viewer-country"),
        city=edge.get("cloudfront-viewer-city"),
        user_agent=headers.get("user-agent"),
        body=event.get("body") or "",
        is_base64=bool(event.get("isBase64Encoded")),
    )


def _stage_path(stage: str, raw_path: str) -> str:
    return f"/{stage}" if f"{raw_path}/".startswith(f"/{stage}/") else ""


def _query(event: Mapping[str, Any]) -> dict[str, str]:
    pairs = event.get("queryStringParameters") or {}
    return {name: _encodable(value) for name, value in pairs.items()}


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    headers = {name.lower(): _clean(value) for name, value in event.get("headers", {}).items()}
    if event.get("cookies"):  # The payload takes them out of the headers.
        headers["cookie"] = _clean("; ".join(event["cookies"]))
    return headers


def _take_edge(headers: dict[str, str], secret: str) -> str | None:
    """Take out what our distribution added; return the visitor's address if it was that."""
    told = headers.pop(_EDGE_SECRET, "")
    address, host = headers.pop(_EDGE_ADDRESS, None), headers.pop(_EDGE_HOST, None)
    if not secret or not hmac.compare_digest(told.encode(), secret.encode()):
        return None
    if host:
        headers["host"] = host
    return address


def _clean(value: str) -> str:
    return _encodable(value[:_MAX_HEADER_CHARACTERS])


def _encodable(text: str) -> str:
    # A lone surrogate has no UTF-8, so no response and no table could hold it.
    return text.encode(errors="replace").decode()


def _viewer_address(headers: Mapping[str, str]) -> str:
    # Behind CloudFront the request comes from CloudFront, which names its viewer as "ip:port".
    return headers.get("cloudfront-viewer-address", "").rpartition(":")[0]
