"""What is sent during a soak: records of some shards, and what may become of each message."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from soak.audit import Sent
from unit.writer.builders import body, entry

MAX_MESSAGES: Final = 5
"""Messages of a record."""

REMEMBERED: Final = 500
"""Messages of a shard that a client may send again."""


@dataclass(frozen=True, slots=True)
class _Message:
    entry: Entry
    fails: bool = False
    identifies: bool = False
    repeats: bool = False


class Stream:
    """Shards that grow, one record at a time; whatever is sent is noted in ``sent``."""

    def __init__(self, seed: int, shards: int) -> None:
        self.sent: list[Sent] = []
        self.shards: Mapping[str, list[ReceivedRecord]] = {
            f"soak/shardId-{number:012}": [] for number in range(shards)
        }
        self._random = Random(seed)  # noqa: S311 (it has to repeat itself)
        self._recent: Mapping[str, deque[Entry]] = {
            shard: deque(maxlen=REMEMBERED) for shard in self.shards
        }

    def grow(self, shard: str) -> None:
        """Send one record more."""
        sequence = len(self.shards[shard]) + 1
        if self._random.random() < 0.02:
            self.sent.append(Sent(shard, sequence, 0, None))
            self.shards[shard].append(ReceivedRecord(shard, str(sequence), b"poison"))
            return
        messages = [
            self._message(shard, f"{shard}-{sequence}-{index}")
            for index in range(1 + self._random.randrange(MAX_MESSAGES))
        ]
        envelope = Envelope(datetime.now(UTC), "soak")
        [data] = pack(envelope, [each.entry for each in messages])
        self.sent += [
            Sent(
                shard,
                sequence,
                index,
                None if each.fails else each.entry.event_id,
                each.identifies,
                each.repeats,
            )
            for index, each in enumerate(messages)
        ]
        self.shards[shard].append(ReceivedRecord(shard, str(sequence), data))

    def after(self, shard: str, position: int, most: int) -> Sequence[ReceivedRecord]:
        """Return the records of a shard behind the first so many."""
        return self.shards[shard][position : position + most]

    def _message(self, shard: str, event_id: str) -> _Message:
        drawn, recent = self._random.random(), self._recent[shard]
        # Of some the hour is over, so that their files are compacted.
        hours = self._random.randrange(4)
        time = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
        if drawn < 0.05:
            return _Message(Entry(body(messageId=event_id), refusal="no"), fails=True)
        if drawn < 0.15:
            return _Message(entry(event_id, "identify", timestamp=time), identifies=True)
        if drawn < 0.45:
            # An event, or a failed record, as the plan of the day has it.
            total = self._random.choice([42, "x"])
            said = {"total": total}
            return _Message(entry(event_id, event="paid", timestamp=time, properties=said))
        if drawn < 0.55 and recent:
            return _Message(self._random.choice(recent), repeats=True)
        plain = entry(event_id, event="read", timestamp=time)
        recent.append(plain)
        return _Message(plain)
