"""What the client hears: HTTP responses with JSON bodies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from headwater_collector.cors import preflight_headers
from headwater_collector.errors import RefusedRequestError
from headwater_collector.validation import Validation
from headwater_contract.messages import size_violation


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response; a body of None is no body at all."""

    status: int
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_payload(self, headers: Mapping[str, str], *, with_body: bool) -> dict[str, Any]:
        """Return what API Gateway takes from a Lambda (payload format version 2.0)."""
        has_body = with_body and self.body is not None
        return {
            "statusCode": self.status,
            "headers": {**_HEADERS, **headers, **self.headers},
            "body": msgspec.json.encode(self.body).decode() if has_body else "",
            "isBase64Encoded": False,
        }


_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
_SUCCESS = Response(200, {"success": True})


def single_response(validations: Sequence[Validation]) -> Response:
    """Return the response to a request of one message."""
    entry = validations[0].entry
    if entry.refusal is None:
        return _SUCCESS
    status = 413 if entry.refusal == size_violation(len(entry.body)) else 400
    return Response(status, {"success": False, "error": entry.refusal})


def batch_response(validations: Sequence[Validation]) -> Response:
    """Return the response to a batch: which messages were refused, by their index, and why."""
    refused = [
        {"index": index, "reason": validation.entry.refusal}
        for index, validation in enumerate(validations)
        if validation.entry.refusal is not None
    ]
    if not refused:
        return _SUCCESS
    accepted = len(validations) - len(refused)
    counts = {"success": accepted > 0, "accepted": accepted, "refused": refused}
    return Response(200 if accepted else 400, counts)


def health_response() -> Response:
    """Return the response that says that requests are answered."""
    return Response(200, {"status": "ok"})


def preflight_response(methods: str) -> Response:
    """Return the response to a preflight request for a path that takes ``methods``."""
    return Response(204, headers={"allow": methods} | preflight_headers(methods))


def error_response(error: RefusedRequestError) -> Response:
    """Return the response to a request that is refused as a whole."""
    return Response(error.status, {"success": False, "error": str(error)}, error.headers)
