"""How the records of a shard come to the writers: at least once, in order, some of them late."""

import threading
import time
from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING, Final, TypeAlias

from headwater_contract.kinesis_event import ReceivedRecord
from soak.fleet import Fleet, InvocationError
from soak.stream import Stream

if TYPE_CHECKING:
    from queue import SimpleQueue

Batch: TypeAlias = Sequence[ReceivedRecord]

MOST_RECORDS: Final = 200
"""Records of a batch."""

GIVEN_UP: Final = 0.03
"""How often a batch is left for later, tried before or not."""

BISECTED: Final = 0.3
"""How often a batch that failed comes again in halves."""


class Delivery:
    """Reads one shard, as an event source mapping does, until it ``is_over``."""

    def __init__(
        self,
        stream: Stream,
        shard: str,
        fleet: Fleet,
        late: "SimpleQueue[Batch]",
        is_over: Callable[[], bool],
        *,
        seed: int,
    ) -> None:
        self.calm = False
        self.position = 0
        self._stream = stream
        self._shard = shard
        self._fleet = fleet
        self._late = late
        self._is_over = is_over
        self._random = Random(seed)  # noqa: S311 (it has to repeat itself)
        self._from_start = threading.Event()

    @property
    def is_through(self) -> bool:
        """Whether all that was sent is delivered."""
        behind = self._stream.after(self._shard, self.position, 1)
        return not behind and not self._from_start.is_set()

    def read_again(self) -> None:
        """Begin again at the shard's first record."""
        self._from_start.set()

    def run(self) -> None:
        """Deliver what there is, and what comes."""
        while not self._is_over():
            if self._from_start.is_set():
                self.position = 0
                self._from_start.clear()
            batch = self._stream.after(self._shard, self.position, MOST_RECORDS)
            if batch:
                self._hand_over(batch)
                self.position += len(batch)
            else:
                time.sleep(0.1)

    def _hand_over(self, batch: Batch) -> None:
        if self.calm or self._random.random() >= GIVEN_UP:
            self._deliver(batch)
            return
        if self._random.random() < 0.5:
            self._is_written(batch)
        self._late.put(batch)

    def _deliver(self, batch: Batch) -> None:
        while not self._is_over() and not self._is_written(batch):
            if len(batch) > 1 and self._random.random() < BISECTED:
                middle = len(batch) // 2
                halves = [batch[:middle], batch[middle:]]
                self._random.shuffle(halves)
                for half in halves:
                    self._deliver(half)
                return

    def _is_written(self, batch: Batch) -> bool:
        try:
            self._fleet.write(batch)
        except InvocationError:
            return False
        return True
