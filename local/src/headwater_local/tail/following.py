"""Stream and failures asked in turn, for ever, with a word whenever nothing comes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from headwater_local.errors import TailError
from headwater_local.lambda_service.event_source.stream import StreamError
from headwater_local.tail.seen import Seen
from headwater_local.tail.stream import StreamTail
from headwater_local.tail.wanted import Wanted

PAUSE_SECONDS: Final = 1.0
QUIET_SECONDS: Final = 30.0
"""Without a message for so long, somebody wants to know what is waited for."""

_TROUBLE: Final = (StreamError, BotoCoreError, ClientError)


class Failures(Protocol):
    """Where what failed is told of, as ``failures.FailuresTail`` has it."""

    def read(self, now: float) -> Iterator[Seen]:
        """Yield what failed since the last time."""
        ...


@dataclass
class Following:
    """Follows what there is of a stack; ``notice`` is told what is waited for, and why.

    ``is_there`` raises if the stack has ended. ``now`` is in seconds since the Unix epoch.
    """

    stream: StreamTail
    failures: Failures
    wanted: Wanted
    notice: Callable[[str], None]
    is_there: Callable[[], object]
    now: Callable[[], float]
    sleep: Callable[[float], None]
    _passed_over: int = 0

    def messages(self) -> Iterator[Seen]:
        """Yield each message that is wanted, as it comes.

        Raises:
            TailError: the stream cannot be read, from the beginning.
            NotRunningError: the stack has ended.
        """
        yield from self._first()
        self.notice(f"Waiting for messages on {self._where}. Ctrl-C ends this.")
        quiet_since = self.now()
        while True:
            for seen in self._next():
                quiet_since = self.now()
                yield seen
            if self.now() - quiet_since >= QUIET_SECONDS:
                self.notice(self._silence())
                quiet_since = self.now()
            self.sleep(PAUSE_SECONDS)

    def _first(self) -> Iterator[Seen]:
        try:
            yield from self._read()
        except _TROUBLE as error:
            self.is_there()
            raise TailError(
                f"The stream `{self.stream.name}` cannot be read ({error}): `headwater doctor` "
                "looks for the cause."
            ) from error

    def _next(self) -> Iterator[Seen]:
        try:
            yield from self._read()
        except _TROUBLE as error:
            self.is_there()
            self.notice(f"Waiting for {self._where} to answer ({error}).")

    def _read(self) -> Iterator[Seen]:
        now = self.now()
        for source in (self.stream, self.failures):
            for seen in source.read(now):
                if self.wanted(seen):
                    yield seen
                else:
                    self._passed_over += 1

    def _silence(self) -> str:
        passed = self._passed_over
        others = f"; {passed:,} came that you did not ask for" if passed else ""
        self._passed_over = 0
        return f"Still waiting for messages on {self._where}{others}."

    @property
    def _where(self) -> str:
        count = self.stream.shards
        return f"`{self.stream.name}` ({count} shard{'' if count == 1 else 's'})"
