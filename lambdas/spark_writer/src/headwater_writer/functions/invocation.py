"""What surrounds a function's work: how long it may take, no GC, and when its process ends."""

import gc
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

from aws_lambda_powertools import Logger

if TYPE_CHECKING:
    from concurrent.futures import Future

END_SECONDS: Final = 1
"""A connection breaks a moment before the process at its other end is gone."""


class Context(Protocol):
    """What of Lambda's context object the functions use."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the invocation."""


def seconds_left(context: Context) -> float:
    """Return the seconds until Lambda ends the invocation."""
    return context.get_remaining_time_in_millis() / 1000


@contextmanager
def without_gc() -> Iterator[None]:
    """Keep Python's cyclic garbage collector out of the block.

    Rows refer to nothing that refers to them, so reference counts free them. The collector would
    visit each of some million objects many times: a seventh of a large batch's time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def lifeline(
    java: "subprocess.Popen[bytes]", starting: "Future[Any]", logger: Logger
) -> Iterator[None]:
    """End this process if the block fails and Java is gone, as after it ran out of memory.

    It also ends if ``starting``, what the process waits for at first, has failed.

    Otherwise every batch would fail that Lambda gives to this instance, for as long as it keeps it.
    A process that ends is replaced at once, and its batch is delivered again. It ends at once, past
    any cleanup that would still call Java.
    """
    try:
        yield
    except Exception:
        if starting.done() and starting.exception():
            logger.exception("the writer cannot start")
            os._exit(1)
        if _has_ended(java):
            logger.exception("Java is gone, and this process ends too", status=java.returncode)
            os._exit(1)
        raise


def _has_ended(java: "subprocess.Popen[bytes]") -> bool:
    try:
        java.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True
