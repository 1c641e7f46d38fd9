"""What the client hears: HTTP answers with JSON bodies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from headwater_collector.cors import preflight_headers
from headwater_collector.errors import RefusedRequestError
from headwater_collector.verdict import Verdict
from headwater_contract.messages import size_violation


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; a body of None is no body at all."""

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
_SUCCESS = Answer(200, {"success": True})


def answer_single(verdicts: Sequence[Verdict]) -> Answer:
    """Return the answer to a request of one message."""
    entry = verdicts[0].entry
    if entry.refusal is None:
        return _SUCCESS
    status = 413 if entry.refusal == size_violation(len(entry.body)) else 400
    return Answer(status, {"success": False, "error": entry.refusal})


def answer_batch(verdicts: Sequence[Verdict]) -> Answer:
    """Return the answer to a batch: which messages were refused, by their index, and why."""
    refused = [
        {"index": index, "reason": verdict.entry.refusal}
        for index, verdict in enumerate(verdicts)
        if verdict.entry.refusal is not None
    ]
    if not refused:
        return _SUCCESS
    accepted = len(verdicts) - len(refused)
    counts = {"success": accepted > 0, "accepted": accepted, "refused": refused}
    return Answer(200 if accepted else 400, counts)


def answer_health() -> Answer:
    """Return the answer that says that requests are answered."""
    return Answer(200, {"status": "ok"})


def answer_preflight(methods: str) -> Answer:
    """Return the answer to a preflight request for a path that takes ``methods``."""
    return Answer(204, headers={"allow": methods} | preflight_headers(methods))


def answer_refusal(error: RefusedRequestError) -> Answer:
    """Return the answer to a request that is refused as a whole."""
    return Answer(error.status, {"success": False, "error": str(error)}, error.headers)
