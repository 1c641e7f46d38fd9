"""Configs, pollers and what they put on a stream, for the tests."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from headwater_collector.delivery import Patience
from headwater_collector.stream import MemoryStream
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.stream_record import unpack
from headwater_poller.client import Client
from headwater_poller.config import Config
from headwater_poller.parse import parse
from headwater_poller.poll import Outcome, Poll
from headwater_poller.sending import Sender
from headwater_poller.state import State, decode
from headwater_poller.stores import MemoryStore, Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""The poller's clock."""

PLAIN = {
    "version": 1,
    "id": "weblogs",
    "url": "http://127.0.0.1:9/events",
    "records": "data",
    "map": {"id": "id", "userId": "user", "event": "event"},
    "limits": {"requests_per_second": 1000},
}
TIMED = {
    **PLAIN["map"],  # type: ignore[dict-item]
    "timestamp": {"path": "time", "format": "epoch_s"},
}


def config(**changes: object) -> Config:
    """Return a config with some keys changed; JSON is YAML."""
    document = {key: value for key, value in {**PLAIN, **changes}.items() if value is not None}
    return parse(json.dumps(document).encode())


@dataclass
class Bench:
    """A poller with a stream and a state in memory; ``pauses`` are those that it was to make."""

    config: Config
    stream: MemoryStream = field(default_factory=MemoryStream)
    store: Store = field(default_factory=MemoryStore)
    now: datetime = NOW
    pauses: list[float] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    clock: float = 0.0

    def new_poll(self) -> Poll:
        patience = Patience(budget=1.0, clock=lambda: self.clock, sleep=self.pause)
        return Poll(
            self.config,
            Client(self.config.limits, self.config.headers, self.pause, lambda: self.clock),
            self.store,
            Sender(self.stream, self.config, lambda: self.now, patience),
            now=lambda: self.now,
            clock=lambda: self.clock,
        )

    def poll(self) -> Outcome:
        """Poll once, to the end."""
        poll = self.new_poll()
        poll.run()
        return poll.outcome

    def pause(self, seconds: float) -> None:
        self.clock += seconds
        if seconds > 0.01:  # Less is the pace.
            self.pauses.append(seconds)

    @property
    def state(self) -> State:
        text = self.store.load().text
        return State() if text is None else decode(text)

    @property
    def unpacked(self) -> Sequence[tuple[Envelope, Entry]]:
        records = [unpack(record.data) for record in self.stream.records]
        return [(record.envelope, entry) for record in records for entry in record.entries]

    @property
    def entries(self) -> Sequence[Entry]:
        return [entry for _, entry in self.unpacked]

    @property
    def messages(self) -> Sequence[Mapping[str, Any]]:
        """The accepted messages on the stream."""
        return [json.loads(entry.body) for entry in self.entries if entry.refusal is None]

    @property
    def users(self) -> Sequence[str]:
        return [message["userId"] for message in self.messages]
