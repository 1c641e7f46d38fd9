"""Validated messages onto the stream, packed and delivered as the collector does it."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from headwater_collector.delivery import Patience, deliver
from headwater_collector.stream import Record, Stream
from headwater_collector.validation import Validation
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.limits import MAX_BATCH_MESSAGES, MAX_REQUEST_BYTES
from headwater_contract.stream_record import pack
from headwater_poller.config import Config
from headwater_poller.errors import StreamError


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends the messages of one config; ``now`` gives the time as aware UTC."""

    stream: Stream
    config: Config
    now: Callable[[], datetime]
    patience: Patience

    def send(self, validations: Sequence[Validation]) -> None:
        """Put messages on the stream.

        Raises:
            StreamError: not every record was confirmed.
        """
        for entries in _requests([validation.entry for validation in validations]):
            self._put(entries)

    def _put(self, entries: Sequence[Entry]) -> None:
        envelope = Envelope(self.now(), self.config.app_id, is_import=self.config.is_import)
        records = [Record(data, self._partition_key) for data in pack(envelope, entries)]
        delivery = deliver(self.stream, records, self.patience)
        if not delivery.is_complete:
            raise StreamError(
                f"the stream did not confirm every record ({', '.join({*delivery.rejections})}): "
                "the next poll sends them again"
            )

    @property
    def _partition_key(self) -> str:
        # One shard for a source: a record that is sent again meets the first there, whatever page
        # it is on this time.
        return hashlib.sha256(f"{self.config.app_id}\n{self.config.id}".encode()).hexdigest()


def _requests(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Yield runs of entries, each of which the collector would take as one request."""
    run: list[Entry] = []
    size = 0
    for entry in entries:
        if run and (len(run) == MAX_BATCH_MESSAGES or size + len(entry.body) > MAX_REQUEST_BYTES):
            yield run
            run, size = [], 0
        run.append(entry)
        size += len(entry.body)
    if run:
        yield run
