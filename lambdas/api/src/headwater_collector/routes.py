"""What is at which path."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from headwater_collector import manymetrics, page_hit
from headwater_collector.errors import UnknownPathError, WrongMethodError
from headwater_collector.parse import Body, parse_batch, parse_single
from headwater_collector.project_settings import SOURCE_CONFIG
from headwater_collector.responses import (
    FORGOTTEN,
    HEALTHY,
    Response,
    batch_response,
    single_response,
)
from headwater_collector.validation import Validation, validate
from headwater_contract.fields import MESSAGE_TYPES
from headwater_contract.quoting import quoted


@dataclass(frozen=True, slots=True)
class Collect:
    """Takes messages: how to find them in a body, how to validate each, and how to respond."""

    parse: Callable[[bytes], Body]
    validate: Callable[[bytes], Validation]
    respond: Callable[[Sequence[Validation]], Response]


@dataclass(frozen=True, slots=True)
class Pixel:
    """Takes a message in the query, and answers with an image."""

    collect: Collect


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """Tells Segment's browser client where to send events."""

    write_key: str


@dataclass(frozen=True, slots=True)
class Preflight:
    """Tells a browser which requests a page may send; ``methods`` is a list with commas."""

    methods: str


Route = Collect | Pixel | ProjectSettings | Preflight | Response
"""What a request leads to: its response, if that depends on the path alone."""


def _single(validate_one: Callable[[bytes], Validation]) -> Collect:
    return Collect(parse_single, validate_one, single_response)


def _message(message_type: str) -> Collect:
    return _single(partial(validate, message_type=message_type))


_BATCH = Collect(parse_batch, validate, batch_response)

_COLLECT: Final[Mapping[str, Collect]] = {
    "/v1/track": _message("track"),
    "/v1/identify": _message("identify"),
    "/v1/page": _message("page"),
    "/v1/screen": _message("screen"),
    "/v1/group": _message("group"),
    "/v1/alias": _message("alias"),
    "/v1/batch": _BATCH,
    "/v1/import": _BATCH,  # Where Segment's clients for Java, Ruby, .NET and Android send batches.
    # The short forms that Segment's browser client uses.
    "/v1/t": _message("track"),
    "/v1/i": _message("identify"),
    "/v1/p": _message("page"),
    "/v1/s": _message("screen"),
    "/v1/g": _message("group"),
    "/v1/a": _message("alias"),
    "/v1/b": _BATCH,
    "/beacon/v1/batch": _BATCH,  # Where RudderStack's browser client sends beacons.
    # ManyMetrics' own.
    "/track": _single(manymetrics.validate_track),
    "/identify": _single(manymetrics.validate_identify),
    "/v1/history": _single(page_hit.validate_hit),  # Where GET reads such hits (docs/sinks.md).
}
_FORGET: Final = {"/v1/m", "/rsaMetrics"}
"""Where Segment's and RudderStack's clients report on themselves."""

_PIXEL: Final = {f"/v1/pixel/{kind}": Pixel(_message(kind)) for kind in MESSAGE_TYPES}

_PROJECT_SETTINGS = re.compile(r"/v1/projects/([^/]{1,512})/settings")
"""No key is longer, and the answer repeats it."""


def find_route(method: str, path: str, prefix: str = "") -> Route:
    """Return what answers a method at a path below ``prefix``.

    Raises:
        UnknownPathError: there is nothing at the path.
        WrongMethodError: there is, and it takes other methods.
    """
    routes = _routes_at(path, prefix)
    methods = ", ".join([*routes, "OPTIONS"])
    if method == "OPTIONS":
        return Preflight(methods)
    if method not in routes:
        raise WrongMethodError(method, methods)
    return routes[method]


def _routes_at(path: str, prefix: str) -> Mapping[str, Route]:
    below = path.removeprefix(prefix) if path.startswith(f"{prefix}/") else ""
    if below in _COLLECT:
        return {"POST": _COLLECT[below]}
    if below in _PIXEL:
        return {"GET": _PIXEL[below]}
    if below in _FORGET:
        return {"POST": FORGOTTEN}
    if below == "/sourceConfig":
        return {"GET": Response(200, SOURCE_CONFIG)}
    if below == "/health":
        return {"GET": HEALTHY, "HEAD": HEALTHY}
    if match := _PROJECT_SETTINGS.fullmatch(below):
        return {"GET": ProjectSettings(match[1])}
    raise UnknownPathError(
        f"there is nothing at {quoted(path)}: POST to one of "
        f"{', '.join(prefix + known for known in _COLLECT)}, or GET {prefix}/health"
    )
