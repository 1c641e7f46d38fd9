"""Ctrl-C and similar signals, handled once and at a safe point."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

Handler: TypeAlias = Callable[[int, FrameType | None], object] | signal.Handlers


@contextmanager
def handled_by(handler: Handler, *numbers: signal.Signals) -> Iterator[None]:
    """Handle these signals within the block, and as before after it."""
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            # None is a handler that Python did not install, and cannot install again.
            signal.signal(number, signal.SIG_DFL if earlier is None else earlier)


class Interrupted(BaseException):
    """The user asked for the end: Ctrl-C, ``kill``, or a closed terminal."""


class Interrupts:
    """Turns SIGINT, SIGTERM and SIGHUP into one ``Interrupted`` in the main thread."""

    def __init__(self) -> None:
        self._shielded = False
        self._heard = False
        self._over = False

    def install(self) -> None:
        """Listen from now on. Under ``nohup`` a closed terminal stays ignored."""
        signal.signal(signal.SIGINT, self._handle)
        signal.signal(signal.SIGTERM, self._handle)
        if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
            signal.signal(signal.SIGHUP, self._handle)

    def ignore(self) -> None:
        """Ignore further signals while everything is stopped."""
        self._over = True

    @contextmanager
    def shield(self) -> Iterator[None]:
        """Defer a signal to the end of the block.

        A process that was started must be recorded before the run can end,
        or nothing would stop it.
        """
        self._shielded = True
        try:
            yield
        finally:
            self._shielded = False
        if self._heard:
            self._raise()

    def _handle(self, _signal: int, _frame: FrameType | None) -> None:
        self._heard = True
        if not self._shielded:
            self._raise()

    def _raise(self) -> None:
        if not self._over:
            self._over = True
            raise Interrupted
