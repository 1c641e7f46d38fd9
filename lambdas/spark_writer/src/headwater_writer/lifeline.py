"""A process that is nothing without its Java, and ends when Java has."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aws_lambda_powertools import Logger

END_SECONDS: Final = 1
"""A connection breaks a moment before the process behind it is gone."""


@contextmanager
def lifeline(java: "subprocess.Popen[bytes]", logger: Logger) -> Iterator[None]:
    """End this process where the block fails and Java is no more, as after it ran out of memory.

    Without it, every batch would fail that Lambda gives to this instance, for as long as it keeps
    it; a process that ends is replaced at once, and its batch comes again. At once, and past
    whatever would still ask Java for something on the way out.
    """
    try:
        yield
    except Exception:
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
