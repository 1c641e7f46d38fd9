"""Updates of the catalog, one at a time.

The stand-in answers each request in a thread of its own. It compares a table's version with the one
that an update names before it sets the next, and asks the clock in between: two commits on one
version would both be told that they succeeded, and one of them would be lost. Glue takes one.
"""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

Request = TypeVar("Request")
Answer = TypeVar("Answer")


def one_at_a_time(answer: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
    """Return what answers a request only when the one before has been answered."""
    lock = Lock()

    def answered(request: Request) -> Answer:
        with lock:
            return answer(request)

    return answered
