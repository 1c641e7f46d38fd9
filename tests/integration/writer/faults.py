"""What goes wrong between a writer and its catalog."""

from collections.abc import Callable
from threading import Event
from typing import Literal, TypeAlias
from uuid import uuid4

from headwater_writer.rows.rows import Rules
from headwater_writer.spark.options import CATALOG
from headwater_writer.writer import Writer
from integration.writer.interceptor import (
    Answer,
    DroppedError,
    Forward,
    Interceptor,
    Request,
    Script,
    pass_on,
)
from integration.writer.place import Place
from unit.writer.builders import RULES

Lost: TypeAlias = Literal["request", "answer"]

Kind: TypeAlias = Callable[[Request], bool]
"""Returns whether a request is of a kind."""


def _is_commit_to_events(request: Request) -> bool:
    return request.is_commit_to("events")


def catalog_through(place: Place, wire: Interceptor) -> str:
    """Configure a catalog like the usual one, behind the interceptor, and return its name."""
    name = f"flaky{uuid4().hex[:8]}"
    for option, value in place.spark.sparkContext.getConf().getAll():
        if option.startswith(f"spark.sql.catalog.{CATALOG}"):
            place.spark.conf.set(
                option.replace(f".{CATALOG}", f".{name}", 1),
                value.replace(place.endpoint, wire.endpoint),
            )
    return name


class Noting:
    """Notes each request, and does with it as another script does."""

    def __init__(self, script: Script = pass_on) -> None:
        self._script = script
        self.requests: list[Request] = []

    def __call__(self, request: Request, forward: Forward) -> Answer:
        self.requests.append(request)
        return self._script(request, forward)

    def count(self, kind: Kind) -> int:
        """Return how many requests of a kind there were."""
        return sum(map(kind, self.requests))


class BeforeFirst:
    """Does something before the first request of a kind is passed on; later ones just are."""

    def __init__(self, kind: Kind, action: Callable[[], object]) -> None:
        self._kind = kind
        self._action: Callable[[], object] | None = action

    def __call__(self, request: Request, forward: Forward) -> Answer:
        action = self._action
        if action is not None and self._kind(request):
            self._action = None
            action()
        return forward()


def overtaken(
    place: Place, wire: Interceptor, by: Callable[[], object], rules: Rules = RULES
) -> Writer:
    """Return a writer, and let something happen before its first commit to events arrives."""
    writer = place.writer(rules, catalog=catalog_through(place, wire))
    wire.script = BeforeFirst(_is_commit_to_events, by)
    return writer


class Loses:
    """Drops commits to events, or lets them through and drops their answers, some times.

    ``meanwhile`` happens with the first, before its client can know; ``is_over`` is set after it.
    """

    def __init__(
        self, lost: Lost, times: int, meanwhile: Callable[[], object] = lambda: None
    ) -> None:
        self.left = times
        self.is_over = Event()
        self._lost = lost
        self._meanwhile: Callable[[], object] | None = meanwhile

    def __call__(self, request: Request, forward: Forward) -> Answer:
        if not self.left or not _is_commit_to_events(request):
            return forward()
        self.left -= 1
        if self._lost == "answer":
            forward()
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            meanwhile()
            self.is_over.set()
        raise DroppedError


class Outage:
    """Nothing in the catalog is reached from a request on, with or without that request.

    It begins with a commit to events, or the first request of another kind. To the tables it is as
    if their writer had died. What did not land can ``arrive`` later.
    """

    def __init__(self, *, lands: bool, kind: Kind = _is_commit_to_events) -> None:
        self._lands = lands
        self._kind = kind
        self._begun = False
        self.over = False
        self.arrive: Forward | None = None

    def __call__(self, request: Request, forward: Forward) -> Answer:
        if self._kind(request) and not self._begun:
            self._begun = True
            self.arrive = forward
            if self._lands:
                forward()
        if self._begun and not self.over and "x-amz-target" in request.headers:
            raise DroppedError
        return forward()
