"""What is at which path."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from headwater_collector import manymetrics
from headwater_collector.answers import Answer, answer_batch, answer_single
from headwater_collector.errors import UnknownPathError, WrongMethodError
from headwater_collector.unwrap import Body, unwrap_batch, unwrap_single
from headwater_collector.verdict import Verdict, judge


@dataclass(frozen=True, slots=True)
class Collect:
    """Takes messages: how to find them in a body, how to judge each, and how to answer."""

    unwrap: Callable[[bytes], Body]
    judge: Callable[[bytes], Verdict]
    answer: Callable[[Sequence[Verdict]], Answer]


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """Tells Segment's browser client where to send events."""

    write_key: str


@dataclass(frozen=True, slots=True)
class Health:
    """Says that requests are answered."""


@dataclass(frozen=True, slots=True)
class Preflight:
    """Says what a path takes; ``methods`` is a list with commas."""

    methods: str


Route = Collect | ProjectSettings | Health | Preflight


def _single(judge_one: Callable[[bytes], Verdict]) -> Collect:
    return Collect(unwrap_single, judge_one, answer_single)


def _message(message_type: str) -> Collect:
    return _single(partial(judge, message_type=message_type))


_BATCH = Collect(unwrap_batch, judge, answer_batch)

_COLLECT: Final[Mapping[str, Collect]] = {
    "/v1/track": _message("track"),
    "/v1/identify": _message("identify"),
    "/v1/page": _message("page"),
    "/v1/screen": _message("screen"),
    "/v1/group": _message("group"),
    "/v1/alias": _message("alias"),
    "/v1/batch": _BATCH,
    # The short forms that Segment's browser client uses.
    "/v1/t": _message("track"),
    "/v1/i": _message("identify"),
    "/v1/p": _message("page"),
    "/v1/s": _message("screen"),
    "/v1/g": _message("group"),
    "/v1/a": _message("alias"),
    "/v1/b": _BATCH,
    # ManyMetrics' own.
    "/track": _single(manymetrics.judge_track),
    "/identify": _single(manymetrics.judge_identify),
}
_PROJECT_SETTINGS = re.compile(r"/v1/projects/([^/]+)/settings")


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
    if below == "/health":
        return {"GET": Health(), "HEAD": Health()}
    if match := _PROJECT_SETTINGS.fullmatch(below):
        return {"GET": ProjectSettings(match[1])}
    raise UnknownPathError(
        f"there is nothing at {path[:80]!r}: POST to one of "
        f"{', '.join(prefix + known for known in _COLLECT)}, or GET {prefix}/health"
    )
