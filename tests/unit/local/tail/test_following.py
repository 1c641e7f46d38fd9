"""Following a stream in memory, on a clock that stands while nothing sleeps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

import pytest

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import Position
from headwater_contract.stream_record import pack
from headwater_local.errors import NotRunningError, TailError
from headwater_local.lambda_service.event_source.fakes import ManualClock, MemoryStream
from headwater_local.lambda_service.event_source.stream import StreamError
from headwater_local.tail.following import Following
from headwater_local.tail.seen import Fate, Seen
from headwater_local.tail.stream import StreamTail
from headwater_local.tail.wanted import Wanted


def _record(event: str, refusal: str | None = None) -> bytes:
    body = f'{{"userId":"u","event":"{event}"}}'.encode()
    entry = Entry(body, "track", None if refusal else "id", refusal)
    [data] = pack(Envelope(datetime.now(UTC), "shop"), [entry])
    return data


class _NothingFailed:
    def read(self, now: float) -> Iterator[Seen]:  # noqa: ARG002 -- as the port has it
        yield from ()


@dataclass
class Stage:
    """A stream that is followed; ``later`` is what happens in which of the pauses, counted."""

    clock: ManualClock = field(default_factory=ManualClock)
    later: dict[int, Callable[[], object]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    wanted: Wanted = field(default_factory=Wanted)
    is_there: Callable[[], object] = lambda: None
    pauses: int = 0

    def __post_init__(self) -> None:
        self.stream = MemoryStream(self.clock)

    def seen(self, count: int) -> list[Seen]:
        tail = StreamTail(self.stream, "events", self.clock.now())
        following = Following(
            tail,
            _NothingFailed(),
            self.wanted,
            self.notices.append,
            self._is_there,
            self.clock.now,
            self._sleep,
        )
        return list(islice(following.messages(), count))

    def _is_there(self) -> None:
        self.is_there()

    def _sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.pauses += 1
        self.later.pop(self.pauses, lambda: None)()


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_shows_what_comes_after_the_start(stage: Stage) -> None:
    stage.stream.put(_record("before"))
    stage.clock.advance(60)
    stage.later[3] = lambda: stage.stream.put(_record("after"))

    [seen] = stage.seen(1)

    assert seen.event_type == "after"


def test_says_at_once_what_it_waits_for_and_again_when_nothing_comes(stage: Stage) -> None:
    stage.later[65] = lambda: stage.stream.put(_record("late"))

    stage.seen(1)

    assert stage.notices == [
        "Waiting for messages on `events` (1 shard). Ctrl-C ends this.",
        "Still waiting for messages on `events` (1 shard).",
        "Still waiting for messages on `events` (1 shard).",
    ]


def test_counts_what_came_and_was_not_asked_for(stage: Stage) -> None:
    stage.wanted = Wanted(only_trouble=True)
    stage.later[1] = lambda: [stage.stream.put(_record("fine")) for _ in range(3)]
    stage.later[40] = lambda: stage.stream.put(_record("bad", refusal="why"))

    [seen] = stage.seen(1)

    assert (seen.fate, seen.reason) == (Fate.REFUSED, "why")
    assert stage.notices[1] == (
        "Still waiting for messages on `events` (1 shard); 3 came that you did not ask for."
    )


def test_follows_the_shards_that_a_shard_is_split_into(stage: Stage) -> None:
    stage.stream.put(_record("first"))

    def split() -> None:
        left, _ = stage.stream.split("shardId-000000000000")
        stage.stream.put(_record("second"), left)

    stage.later[2] = split

    assert [seen.event_type for seen in stage.seen(2)] == ["first", "second"]


def test_a_stream_that_does_not_answer_for_a_while_costs_no_message(stage: Stage) -> None:
    def trouble() -> None:
        stage.stream.put(_record("hidden"))
        stage.stream.failures.append(StreamError("throttled"))

    stage.later[1] = trouble

    [seen] = stage.seen(1)

    assert seen.event_type == "hidden"
    assert "Waiting for `events` (1 shard) to answer (throttled)." in stage.notices


def test_ends_if_the_stream_cannot_be_read_from_the_beginning(stage: Stage) -> None:
    stage.stream.failures.append(StreamError("access denied"))

    with pytest.raises(TailError, match=r"`events` cannot be read \(access denied\)"):
        stage.seen(1)


def test_ends_when_what_it_follows_has_ended(stage: Stage) -> None:
    def end() -> None:
        stage.stream.failures.append(StreamError("refused"))
        stage.is_there = _not_there

    stage.later[1] = end

    with pytest.raises(NotRunningError):
        stage.seen(1)


def _not_there() -> None:
    raise NotRunningError


SEEN = Seen(datetime.now(UTC), Fate.ACCEPTED, Position("s", "1", 0), "shop", "track", "paid")


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (Wanted(), True),
        (Wanted(types=["track"], events=["paid"]), True),
        (Wanted(types=["page"]), False),
        (Wanted(events=["page_view"]), False),
        (Wanted(only_trouble=True), False),
    ],
)
def test_a_message_passes_if_every_filter_lets_it(wanted: Wanted, passes: bool) -> None:
    assert wanted(SEEN) is passes
