"""A batch without Python's garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the cyclic garbage collector out of the block.

    Rows refer to nothing that refers to them, so reference counts free them. The collector would
    look at each of some million objects again and again: a seventh of a large batch's time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
