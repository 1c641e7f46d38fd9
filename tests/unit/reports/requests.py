"""Requests as an HTTP API hands them over (payload format 2.0, API Gateway developer guide)."""

import base64
import json
from collections.abc import Mapping
from typing import Any


def request(
    path: str,
    query: str = "",
    *,
    signed_in: bool = True,
    claims: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """Return a request with a token of Ada's; its lists reach a function as one text."""
    told = {"sub": "ada", **(claims or {})}
    texts = {name: value if isinstance(value, str) else str(value) for name, value in told.items()}
    payload = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    authorizer = {"authorizer": {"jwt": {"claims": texts, "scopes": None}}}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": "reports.example", "authorization": f"Bearer e30.{payload}.c2ln"},
        "requestContext": {"http": {"method": "GET"}, **(authorizer if signed_in else {})},
        "isBase64Encoded": False,
    }
