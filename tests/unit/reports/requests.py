"""Requests as an HTTP API hands them over (payload format 2.0, API Gateway developer guide)."""

from typing import Any


def request(path: str, query: str = "", *, signed_in: bool = True) -> dict[str, Any]:
    authorizer = {"authorizer": {"jwt": {"claims": {"sub": "ada"}, "scopes": None}}}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": "reports.example"},
        "requestContext": {"http": {"method": "GET"}, **(authorizer if signed_in else {})},
        "isBase64Encoded": False,
    }
