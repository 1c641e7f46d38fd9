"""Requests and responses as an HTTP API of API Gateway has them (payload format 2.0)."""

import base64
import gzip
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from headwater_reports.answer import Ask
from headwater_reports.rights import Rights, claims_of
from headwater_reports.routes import Reply, Reports, is_answer, refused

MOST_BYTES: Final = 6_000_000
"""Of a response, as base64: Lambda allows 6 MB with what surrounds it ("Lambda quotas")."""


def respond(
    event: Mapping[str, Any], reports: Reports, ask: Ask, rights: Rights | None = None
) -> dict[str, Any]:
    """Answer a request: pages to all, answers to those whose token an authorizer has judged.

    The API has that authorizer on the route of answers. A request without its word came past it.
    Without ``rights``, whoever has signed in may see all.
    """
    query = event.get("rawQueryString")
    target = f"{event['rawPath']}?{query}" if query else event["rawPath"]
    if not is_answer(target):
        reply = reports.reply(target, ask)
    elif not (judged := _judged_claims(event)):
        reply = refused(HTTPStatus.UNAUTHORIZED, "Sign in to see answers.")
    else:
        reply = reports.reply(
            target, rights.limited(ask, _claims(event, judged)) if rights else ask
        )
    response = _response(reply, _takes_gzip(event), is_private=is_answer(target))
    return response if len(response["body"]) <= MOST_BYTES else _too_long()


def _judged_claims(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the claims that an authorizer hands on, none if there was none."""
    authorizer = event["requestContext"].get("authorizer", {})
    claims: Mapping[str, Any] = authorizer.get("jwt", {}).get("claims") or {}
    return claims


def _claims(event: Mapping[str, Any], judged: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the claims of the token that was judged, as the provider wrote them."""
    claims = claims_of(event["headers"]["authorization"])
    return claims if "sub" in claims and claims["sub"] == judged.get("sub") else {}


def _takes_gzip(event: Mapping[str, Any]) -> bool:
    return "gzip" in event["headers"].get("accept-encoding", "")


def _response(reply: Reply, takes_gzip: bool, *, is_private: bool) -> dict[str, Any]:
    headers = {
        "content-type": reply.kind,
        "vary": "accept-encoding",
        # A page and its scripts belong together, and change with an apply.
        "cache-control": "no-store" if is_private else "no-cache",
        "strict-transport-security": "max-age=31536000",
        **{name.lower(): value for name, value in reply.headers.items()},
        **({"content-encoding": "gzip"} if takes_gzip else {}),
    }
    body = gzip.compress(reply.body) if takes_gzip else reply.body
    return {
        "statusCode": reply.status.value,
        "headers": headers,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def _too_long() -> dict[str, Any]:
    sentence = (
        "The answer is longer than a response may be: ask for fewer days, or by `headwater ask "
        "--athena`."
    )
    return _response(
        refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence), takes_gzip=False, is_private=True
    )
