"""API Gateway's payload format 2.0, from an HTTP request and back to a response.

Pure conversion. The shapes are those of "Create AWS Lambda proxy integrations
for HTTP APIs in API Gateway" (Amazon API Gateway Developer Guide).
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from headwater_local.names import ACCOUNT

Headers = list[tuple[str, str]]

_TEXT_TYPES = ("text/", "application/json", "application/javascript", "application/xml")


@dataclass(frozen=True)
class Request:
    """An HTTP request as it was received.

    ``path`` and ``query`` (what follows the question mark) are not decoded. ``headers`` are in
    order, their names in any case and possibly repeated.
    """

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    source_ip: str
    protocol: str = "HTTP/1.1"


@dataclass(frozen=True)
class Response:
    """An HTTP response to send."""

    status: int
    headers: Headers
    body: bytes


def to_event(request: Request, request_id: str, now: datetime) -> dict[str, Any]:
    """Return the event that API Gateway would invoke the function with.

    ``now`` is when the request came, aware UTC.
    """
    headers = _combined(_with_forwarding(request))
    cookies = [value for name, value in request.headers if name.lower() == "cookie"]
    body, encoded = _encode_body(request.body, headers)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": _context(request, headers, request_id, now),
        "isBase64Encoded": encoded,
    }
    if cookies:
        event["cookies"] = [part for value in cookies for part in value.split("; ")]
    if request.query:
        pairs = parse_qsl(request.query, keep_blank_values=True)
        event["queryStringParameters"] = _combined(pairs, lower=False)
    if request.body:
        event["body"] = body
    return event


def to_response(answer: object) -> Response:
    """Read what the function returned.

    A value without a ``statusCode`` is the body of a 200 in JSON, as the format
    says for functions that return anything else.

    Raises:
        TypeError, ValueError: ``statusCode`` is not a number, or the body not a text.
    """
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return json_response(HTTPStatus.OK, answer)
    headers = [(str(k), str(v)) for k, v in (answer.get("headers") or {}).items()]
    headers += [("set-cookie", str(cookie)) for cookie in answer.get("cookies") or ()]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("content-type", "application/json"))
    return Response(int(answer["statusCode"]), headers, _decode_body(answer))


def json_response(status: int, content: object) -> Response:
    """Return a response of the gateway's own."""
    return Response(status, [("content-type", "application/json")], json.dumps(content).encode())


def _with_forwarding(request: Request) -> Headers:
    """Add what API Gateway adds; the client's address goes last, as it is the one to trust."""
    return [
        *((name, value) for name, value in request.headers if name.lower() != "cookie"),
        ("x-forwarded-for", request.source_ip),
        ("x-forwarded-proto", "http"),
    ]


def _combined(pairs: Iterable[tuple[str, str]], *, lower: bool = True) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name.lower() if lower else name, []).append(value)
    return {name: ",".join(each) for name, each in values.items()}


def _encode_body(body: bytes, headers: dict[str, str]) -> tuple[str, bool]:
    kind = headers.get("content-type", "").lower()
    if kind.startswith(_TEXT_TYPES) and "content-encoding" not in headers:
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def _decode_body(answer: dict[str, Any]) -> bytes:
    body = answer.get("body") or ""
    if not isinstance(body, str):
        raise TypeError(f"the body is {type(body).__name__}, not text")
    return base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()


def _context(
    request: Request, headers: dict[str, str], request_id: str, now: datetime
) -> dict[str, Any]:
    domain = headers.get("host", "localhost")
    return {
        "accountId": ACCOUNT,
        "apiId": "headwater",
        "domainName": domain,
        "domainPrefix": domain.split(".")[0],
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": request_id,
        "routeKey": "$default",
        "stage": "$default",
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1000),
    }
