"""A client's request, as it is on the wire, and what can be said of its form."""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request; names of headers are lower case, and the body is as it was sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path, as it was sent, without the query."""
        return self.target.partition("?")[0]

    @property
    def json(self) -> dict[str, Any]:
        """What the body says."""
        encoding = self.headers.get("content-encoding")
        content = gzip.decompress(self.body) if encoding == "gzip" else self.body
        said: dict[str, Any] = json.loads(content)
        return said

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages in the body, each with what its batch or its route says of it."""
        said = self.json
        if "batch" not in said:
            return [{"type": self.path.rpartition("/")[2], **said}]
        shared = {"sentAt": said.get("sentAt"), "context": said.get("context", {})}
        return [_merged(shared, message) for message in said["batch"]]


@dataclass(frozen=True, slots=True)
class Form:
    """What requests of one kind have in common.

    ``key`` says where the write key is: ``basic``, ``body``, ``path`` or ``query``. ``body`` has
    the names in the JSON object, in order, or ``message`` where it is the message itself.
    """

    method: str
    content_type: str
    key: tuple[str, ...]
    body: tuple[str, ...]
    encoding: str = ""


def form_of(request: HttpRequest, write_key: str) -> Form:
    """Return the form of a request that comes with a write key."""
    body = request.json if request.body else {}
    names = tuple(sorted(body)) if "batch" in body or "series" in body else ("message",)
    return Form(
        method=request.method,
        content_type=request.headers.get("content-type", "").partition(";")[0],
        key=tuple(_places_of(request, body, write_key)),
        body=names if body else (),
        encoding=request.headers.get("content-encoding", ""),
    )


def _places_of(request: HttpRequest, body: Mapping[str, Any], write_key: str) -> list[str]:
    basic = "Basic " + base64.b64encode(f"{write_key}:".encode()).decode()
    found = {
        "basic": request.headers.get("authorization") == basic,
        "body": body.get("writeKey") == write_key,
        "path": write_key in request.path,
        "query": parse_qs(urlsplit(request.target).query).get("writeKey") == [write_key],
    }
    return [place for place, is_there in found.items() if is_there]


def _merged(shared: Mapping[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    context = {**shared["context"], **(message.get("context") or {})}
    return {**message, "sentAt": message.get("sentAt") or shared["sentAt"], "context": context}
