"""A process that is nothing without its Java, and ends when Java has, or when it cannot start."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger

if TYPE_CHECKING:
    from concurrent.futures import Future

END_SECONDS: Final = 1
"""A connection breaks a moment before the process behind it is gone."""


@contextmanager
def lifeline(
    java: "subprocess.Popen[bytes]", starting: "Future[Any]", logger: Logger
) -> Iterator[None]:
    """End this process if the block fails and Java is no more, as after it ran out of memory.

    So it does if ``starting``, what the process waits for at first, has failed.

    Without it, every batch would fail that Lambda gives to this instance, for as long as it keeps
    it; a process that ends is replaced at once, and its batch comes again. At once, and past
    whatever would still ask Java for something on the way out.
    """
    try:
        yield
    except Exception:
        if starting.done() and starting.exception():
            logger.exception("the writer cannot start")
            os._exit(1)
        if _has_ended(java):
            logger.exception("Java is gone, and this process goes too", status=java.returncode)
            os._exit(1)
        raise


def _has_ended(java: "subprocess.Popen[bytes]") -> bool:
    try:
        java.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True
