"""Which API is polled, and what becomes of its records, as the config declares it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import jmespath
from jmespath.exceptions import JMESPathError

from headwater_poller.times import TimeFormat


@dataclass(frozen=True, slots=True)
class Expression:
    """A JMESPath expression (https://jmespath.org); equal if its text is."""

    text: str
    _compiled: Any = field(compare=False, repr=False)

    @classmethod
    def of(cls, text: str) -> "Expression":
        """Return the expression that a text is.

        Raises:
            ValueError: it is not one; the text says where it fails.
        """
        try:
            return cls(text, jmespath.compile(text))
        except JMESPathError as error:
            raise ValueError(str(error).splitlines()[0]) from error

    def search(self, document: object) -> Any:  # noqa: ANN401 -- whatever an API answers
        """Return what it finds in a JSON document; None if there is nothing.

        Raises:
            ValueError: it cannot be applied, as ``length`` to a number.
        """
        try:
            return self._compiled.search(document)
        except (JMESPathError, RecursionError) as error:
            raise ValueError(f"`{self.text}` cannot be applied: {str(error)[:200]}") from error


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a secret is: in a variable of the environment, or in AWS Secrets Manager.

    ``key`` is that of a secret that is a JSON object.
    """

    env: str | None = None
    secret: str | None = None
    key: str | None = None

    def __str__(self) -> str:
        return f"the variable {self.env}" if self.env else f"the secret {self.secret}"


@dataclass(frozen=True, slots=True)
class HeaderAuth:
    """A header of that name with a secret."""

    name: str
    value: Reference


@dataclass(frozen=True, slots=True)
class QueryAuth:
    """A query parameter of that name with a secret."""

    name: str
    value: Reference


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """User and password (RFC 7617)."""

    user: Reference
    password: Reference


@dataclass(frozen=True, slots=True)
class BearerAuth:
    """A token (RFC 6750)."""

    token: Reference


Auth: TypeAlias = HeaderAuth | QueryAuth | BasicAuth | BearerAuth | None


@dataclass(frozen=True, slots=True)
class LinkPages:
    """The next page's URL is in the header ``Link`` (RFC 8288), with the relation ``next``."""


@dataclass(frozen=True, slots=True)
class NumberedPages:
    """A query parameter counts pages from ``first``, up to an empty one."""

    param: str
    first: int = 1


@dataclass(frozen=True, slots=True)
class OffsetPages:
    """A query parameter counts records, up to an empty page."""

    param: str


@dataclass(frozen=True, slots=True)
class CursorPages:
    """A query parameter takes what ``next`` finds in the page before, up to one without it."""

    param: str
    next: Expression


@dataclass(frozen=True, slots=True)
class UrlPages:
    """``next`` finds the next page's URL, up to a page without it."""

    next: Expression


Pages: TypeAlias = LinkPages | NumberedPages | OffsetPages | CursorPages | UrlPages | None


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """Records are asked for by their times, from ``start`` on.

    ``since`` and ``until`` are query parameters. Each poll begins ``overlap`` before the newest
    record of the last. With ``until``, at most ``step`` is asked for at a time.
    """

    since: str
    time_format: TimeFormat
    start: datetime
    overlap: timedelta
    until: str | None = None
    step: timedelta | None = None


@dataclass(frozen=True, slots=True)
class SavedCursor:
    """``next`` finds in each answer what the query parameter takes from then on, for ever."""

    param: str
    next: Expression


Incremental: TypeAlias = TimeWindow | SavedCursor | None


@dataclass(frozen=True, slots=True)
class Timestamp:
    """Where a record says when it happened, and how it writes times."""

    path: Expression
    time_format: TimeFormat


@dataclass(frozen=True, slots=True)
class RecordMap:
    """What becomes of a record: ``fields`` are those of a message, by name.

    ``event_types`` are the only ones that are let through; empty: all are.
    """

    id: Expression
    fields: Mapping[str, Expression]
    timestamp: Timestamp | None = None
    event_types: frozenset[str] = frozenset()


MAX_PAGE_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one API may take.

    ``timeout`` is that of a whole answer. ``longest_wait`` bounds what ``Retry-After`` may ask for
    within a poll; ``attempts`` is how often a request is sent. ``page_bytes`` are counted after
    decompression.
    """

    requests_per_second: float = 5.0
    timeout: timedelta = timedelta(seconds=30)
    attempts: int = 5
    longest_wait: timedelta = timedelta(minutes=5)
    page_bytes: int = MAX_PAGE_BYTES


@dataclass(frozen=True, slots=True)
class Config:
    """An API to poll.

    ``id`` names the state and is part of every event id: another id is another source.
    ``is_import`` says that the records are history, which keeps its times.
    """

    id: str
    url: str
    records: Expression
    record_map: RecordMap
    app_id: str
    params: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: Auth = None
    pages: Pages = None
    incremental: Incremental = None
    every: timedelta = timedelta(minutes=1)
    is_import: bool = False
    limits: Limits = field(default_factory=Limits)
