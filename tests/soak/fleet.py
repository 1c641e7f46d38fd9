"""Writers in processes of their own, of which any may be killed, frozen or started anew."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from random import Random
from typing import Any, Final

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_local.lambda_service.event_source.function import (
    FunctionError,
    FunctionUnavailableError,
)
from integration.writer.writer_process import WriterProcess
from unit.writer.builders import kinesis_event

LOOK_SECONDS: Final = 0.1
"""How often it is looked whether an invocation's writer was frozen."""

FROZEN_SECONDS: Final = 10.0

TIMEOUT_SECONDS: Final = 300.0
"""How long a batch may take: on a busy machine, four Sparks start in minutes."""


_FAILURES: Final = (FunctionError, FunctionUnavailableError, AssertionError)
"""What an invocation raises whose writer failed or was killed: at its work, between two batches, or
as it started, which fails an assertion of its process."""


class InvocationError(Exception):
    """A batch that was handed to a writer, which did not say that all of it is written."""


class _Slot:
    """A place for a writer, which is started when it is wanted."""

    def __init__(self, number: int, environment: Mapping[str, str], directory: Path) -> None:
        self.is_stale = False
        self.is_frozen = False
        self._environment = environment
        self._log = directory / f"writer-{number}.log"
        self._writer: WriterProcess | None = None
        self._changing = threading.RLock()

    def invoke(self, event: dict[str, Any]) -> "Future[object]":
        with self._changing:
            if self._writer is None or not self._writer.is_running or self.is_stale:
                self.stop()
                self._writer = WriterProcess(self._environment, self._log, TIMEOUT_SECONDS)
                self._writer.__enter__()
            return self._writer.invoke(event)

    def stop(self) -> None:
        with self._changing:
            if self._writer is not None:
                self._writer.__exit__(None, None, None)
            self._writer, self.is_stale, self.is_frozen = None, False, False

    @property
    def is_ready(self) -> bool:
        return self._writer is not None and self._writer.is_ready and not self.is_frozen

    def kill(self) -> bool:
        """Kill the writer if it has started; return whether it had."""
        with self._changing:
            if self._writer is None or not self.is_ready:
                return False
            self._writer.kill()
            return True

    def freeze(self) -> None:
        """Let the writer stand still, if it has started."""
        with self._changing:
            if self._writer is not None and self.is_ready:
                self._writer.freeze()
                self.is_frozen = True

    def thaw(self) -> None:
        with self._changing:
            if self._writer is not None:
                self._writer.thaw()
            self.is_frozen = False


class Fleet:
    """Writers that batches are handed to, each by turns; ``counts`` says what became of them."""

    def __init__(
        self, size: int, environment: Mapping[str, str], directory: Path, seed: int
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._slots = [_Slot(number, environment, directory) for number in range(size)]
        self._free: SimpleQueue[_Slot] = SimpleQueue()
        for slot in self._slots:
            self._free.put(slot)
        self._random = Random(seed)  # noqa: S311 (it has to repeat itself)
        self._zombies = ThreadPoolExecutor(max_workers=size)

    @classmethod
    @contextmanager
    def running(
        cls, size: int, environment: Mapping[str, str], directory: Path, seed: int
    ) -> "Iterator[Fleet]":
        """Return a fleet that ends with the context."""
        fleet = cls(size, environment, directory, seed)
        try:
            yield fleet
        finally:
            fleet._zombies.shutdown()
            for slot in fleet._slots:
                slot.stop()

    def write(self, batch: Sequence[ReceivedRecord]) -> None:
        """Hand a batch to a writer that is free.

        Raises:
            InvocationError: it failed, was killed, or was frozen and may still write it.
        """
        slot = self._free.get()
        self.counts["batches"] += 1
        answer = slot.invoke(kinesis_event(batch))
        while not wait([answer], LOOK_SECONDS).done:
            if slot.is_frozen:
                self._zombies.submit(self._let_go_on, slot, answer)
                raise self._failed("frozen")
        self._free.put(slot)
        if isinstance(answer.exception(), _FAILURES):
            raise self._failed("failed")
        if answer.result() != {"batchItemFailures": []}:
            raise self._failed("failed in part")
        self.counts["written"] += 1

    def kill_one(self) -> None:
        """Kill a writer that has started, whatever it is at."""
        self.counts["killed"] += self._random.choice(self._slots).kill()

    def freeze_one(self) -> None:
        """Let a writer stand still for a while; what it was at is given to another."""
        self._random.choice(self._slots).freeze()

    def deploy(self) -> None:
        """Let each writer be started anew before its next batch."""
        self.counts["deployments"] += 1
        for slot in self._slots:
            slot.is_stale = True

    def _failed(self, how: str) -> InvocationError:
        self.counts[how] += 1
        return InvocationError(how)

    def _let_go_on(self, slot: _Slot, answer: "Future[object]") -> None:
        time.sleep(FROZEN_SECONDS)
        slot.thaw()
        wait([answer])
        self._free.put(slot)
