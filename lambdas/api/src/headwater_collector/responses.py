"""What the client hears: HTTP responses with JSON bodies, of at most 16 KB whatever it sent.

A refusal costs the client three bytes, and whoever pays for the answer is not the client.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import msgspec

from headwater_collector.cors import preflight_headers
from headwater_collector.validation import Validation
from headwater_contract.limits import MAX_LISTED_REFUSALS


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response; a body of None is no body at all, one of bytes is not JSON."""

    status: int
    body: Mapping[str, Any] | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_payload(self, headers: Mapping[str, str], *, with_body: bool) -> dict[str, Any]:
        """Return what API Gateway takes from a Lambda (payload format version 2.0)."""
        body = self.body if with_body else None
        return {
            "statusCode": self.status,
            "headers": {**_HEADERS, **headers, **self.headers},
            "body": "" if body is None else _text(body),
            "isBase64Encoded": isinstance(body, bytes),
        }


def _text(body: Mapping[str, Any] | bytes) -> str:
    text = base64.b64encode(body) if isinstance(body, bytes) else msgspec.json.encode(body)
    return text.decode()


_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
_SUCCESS = Response(200, {"success": True})

FORGOTTEN: Final = _SUCCESS
"""The response to what nobody here reads: it keeps a client from sending it again."""

HEALTHY: Final = Response(200, {"status": "ok"})
"""The response that says that requests are answered."""


def failure_response(
    status: int, reason: str, headers: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """Return a response that says, in a sentence, why nothing was accepted."""
    return Response(status, {"success": False, **_failure(status, reason)}, headers)


def _failure(status: int, reason: str) -> dict[str, Any]:
    # Clients for Ruby read "error", those for Python "code" and "message". Without these, Segment's
    # before 2.4 and RudderStack's take a refusal for a broken network, and send it ten times again.
    return {"error": reason, "code": status, "message": reason}


def single_response(validations: Sequence[Validation]) -> Response:
    """Return the response to one message, or to a body that is refused as a whole."""
    validation = validations[0]
    if validation.refusal is None:
        return _SUCCESS
    return failure_response(413 if validation.is_too_large else 400, validation.refusal)


def batch_response(validations: Sequence[Validation]) -> Response:
    """Return the response to a batch: which messages were refused, by their index, and why.

    The first of them are listed; if there are more, ``unlisted`` is their number.
    """
    refused = [
        {"index": index, "reason": validation.refusal}
        for index, validation in enumerate(validations)
        if validation.refusal is not None
    ]
    if not refused:
        return _SUCCESS
    accepted = len(validations) - len(refused)
    failure = {} if accepted else _failure(400, "no message was accepted: see what was refused")
    listed = refused[:MAX_LISTED_REFUSALS]
    unlisted = {"unlisted": len(refused) - len(listed)} if len(listed) < len(refused) else {}
    counts = {"success": accepted > 0, "accepted": accepted, "refused": listed}
    return Response(200 if accepted else 400, counts | unlisted | failure)


def preflight_response(methods: str, asked_headers: str) -> Response:
    """Return the response to a preflight request for a path that takes ``methods``."""
    return Response(204, headers={"allow": methods} | preflight_headers(methods, asked_headers))
