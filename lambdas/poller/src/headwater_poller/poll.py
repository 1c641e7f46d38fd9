"""One poll: from the saved state over all pages onto the stream, and to the next state."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from headwater_collector.validation import Validation
from headwater_poller.answers import Answer
from headwater_poller.client import Client
from headwater_poller.config import Config, SavedCursor, TimeWindow
from headwater_poller.mapping import Recognised, recognise, validation_of
from headwater_poller.paging import Trail, first_request, found_text, next_request
from headwater_poller.requests import Request
from headwater_poller.sending import Sender, runs
from headwater_poller.state import State, decode, encode
from headwater_poller.stores import Store
from headwater_poller.windows import Walk, Window, next_mark, next_window

SAVED_EVERY: Final = 30.0
"""Seconds between two saves within a walk. A process that is killed sends again what came since;
the writer recognises it if that is within an hour."""


@dataclass(slots=True)
class Outcome:
    """What a poll did.

    ``repeated`` are records that an earlier poll had sent; ``newest`` is the time of the newest
    record, or the mark if there was none; ``failure`` is the sentence of a poll that ended early,
    and ``defect`` the exception if the poller itself is why.
    """

    pages: int = 0
    polled: int = 0
    sent: int = 0
    refused: int = 0
    repeated: int = 0
    seconds: float = 0.0
    newest: datetime | None = None
    failure: str | None = None
    defect: Exception | None = None


def utc_now() -> datetime:
    """Return the time, aware UTC."""
    return datetime.now(UTC)


@dataclass
class Poll:
    """One poll of an API; ``outcome`` says how far it got, even if it ends with an error."""

    config: Config
    client: Client
    store: Store
    sender: Sender
    now: Callable[[], datetime] = utc_now
    clock: Callable[[], float] = time.monotonic
    outcome: Outcome = field(default_factory=Outcome)
    _state: State = field(default_factory=State)
    _tag: str | None = None
    _saved_at: float = 0.0
    _horizon: datetime | None = None

    def run(self) -> None:
        """Poll all that there is.

        Raises:
            PollError: it ended early; what was polled is on the stream, and saved.
            StoppedError: the process is to stop; likewise.
        """
        began = self.clock()
        self._load()
        try:
            self._poll()
        finally:
            self.outcome.seconds = self.clock() - began

    def _poll(self) -> None:
        request = Request(self.config.url, tuple(self.config.params))
        match self.config.incremental:
            case TimeWindow() as window:
                self._poll_windows(window, request)
            case SavedCursor() as cursor:
                self._poll_cursor(cursor, request)
            case None:
                self._poll_all(request)

    def _poll_all(self, request: Request) -> None:
        walk = Walk()
        with self._progress(walk):
            self._walk(request, walk)
        self._save(State(seen=frozenset(walk.records)))

    def _poll_windows(self, config: TimeWindow, request: Request) -> None:
        is_last = False
        while not is_last:
            before = self._state.mark or config.start
            window = next_window(config, before, self.now())
            self._poll_window(config, window, request)
            # A mark that stays, as by an API's clock that is behind, would give this window again.
            is_last = window.is_last or self._state.mark == before

    def _poll_window(self, config: TimeWindow, window: Window, request: Request) -> None:
        walk, began = Walk(), self.now()
        self._horizon = began
        with self._progress(walk):
            self._walk(window.asked(request, config), walk)
        mark = next_mark(config, window, self._state.mark, walk.newest, self._horizon)
        # All of them, not the overlap alone: an API that goes by another time gives older ones too.
        self._save(State(mark, seen=frozenset(walk.records)))
        self.outcome.newest = walk.newest or mark

    def _walk(self, request: Request, walk: Walk) -> None:
        trail = Trail()
        following: Request | None = first_request(self.config.pages, request)
        while following:
            trail.ask(following)
            answer, records = self._get(following)
            trail.arrive(self.config.pages, records)
            self._send(records, walk)
            self._save_now_and_then(walk)
            following = next_request(self.config.pages, following, answer, len(records))

    def _poll_cursor(self, config: SavedCursor, request: Request) -> None:
        trail = Trail()
        while True:
            cursor = self._state.cursor
            asked = request.asking(config.param, cursor) if cursor else request
            trail.ask(asked)
            answer, records = self._get(asked)
            walk = Walk()
            with self._progress(walk):
                self._send(records, walk)
            following = found_text(config.next, answer) or cursor
            if following == cursor:
                # The same will come again, with what is new behind it.
                self._save(State(cursor=cursor, seen=frozenset(walk.records)))
                return
            self._save(State(cursor=following))
            if not records:
                return

    def _get(self, request: Request) -> tuple[Answer, list[Any]]:
        answer = self.client.get(request)
        records = answer.records(self.config.records)
        self.outcome.pages += 1
        self.outcome.polled += len(records)
        if answer.date and self._horizon:
            self._horizon = min(self._horizon, answer.date)
        return answer, records

    def _send(self, records: list[Any], walk: Walk) -> None:
        recognised = {
            each.identity: each for each in (recognise(self.config, record) for record in records)
        }
        fresh = [
            recognised.pop(identity)
            for identity in [*recognised]
            if identity not in self._state.seen and identity not in walk
        ]
        self.outcome.repeated += len(records) - len(fresh)
        _add(walk, recognised.values())
        validations = [validation_of(self.config, each) for each in fresh]
        for run in runs(validations):
            self.sender.send(validations[run])
            _add(walk, fresh[run])
            self._count(validations[run])

    def _count(self, validations: Sequence[Validation]) -> None:
        refused = sum(validation.refusal is not None for validation in validations)
        self.outcome.sent += len(validations) - refused
        self.outcome.refused += refused

    @contextmanager
    def _progress(self, walk: Walk) -> Iterator[None]:
        """Save what a walk has sent if it ends early: it begins again, and sends only the rest."""
        try:
            yield
        except BaseException:
            self._save(self._state_within(walk))
            raise

    def _save_now_and_then(self, walk: Walk) -> None:
        if self.clock() - self._saved_at >= SAVED_EVERY:
            self._save(self._state_within(walk))

    def _state_within(self, walk: Walk) -> State:
        return replace(self._state, seen=self._state.seen | walk.records.keys())

    def _load(self) -> None:
        text, self._tag = self.store.load()
        self._state = decode(text) if text is not None else State()
        self._saved_at = self.clock()

    def _save(self, state: State) -> None:
        if state != self._state:
            self._tag = self.store.save(encode(state), self._tag)
        self._state = state
        self._saved_at = self.clock()


def _add(walk: Walk, records: Iterable[Recognised]) -> None:
    for each in records:
        walk.add(each.identity, each.time)
