"""Validated messages onto the stream, packed and delivered as the collector does it."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from headwater_collector.delivery import Patience, deliver
from headwater_collector.stream import Record, Stream
from headwater_collector.validation import Validation
from headwater_contract.envelope import Envelope
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
        """Put messages on the stream: one of the ``runs``, which is confirmed as a whole.

        Raises:
            StreamError: not every record was confirmed.
        """
        entries = [validation.entry for validation in validations]
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


def runs(validations: Sequence[Validation]) -> Iterator[slice]:
    """Yield where the runs are that the collector would take as one request each."""
    begin = size = 0
    for position, validation in enumerate(validations):
        length = len(validation.entry.body)
        count = position - begin
        if count and (count == MAX_BATCH_MESSAGES or size + length > MAX_REQUEST_BYTES):
            yield slice(begin, position)
            begin, size = position, 0
        size += length
    if validations:
        yield slice(begin, len(validations))
