"""The AWS stand-in's process: ministack behind a guard, on a clock that never goes back.

Run as ``python -m headwater_local.ministack.server`` with the stand-in's interpreter, whose
environment has ministack and not our dependencies. ``CLOCK_FILE`` names the file that keeps the
time from run to run.
"""

# ruff: noqa: E402, SLF001 -- the clock comes first: modules of ministack take over the function

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from headwater_local.ministack.monotonic_clock import MonotonicClock

time.time = MonotonicClock(Path(os.environ["CLOCK_FILE"]))

from ministack import app as ministack
from ministack.services import glue, kinesis

from headwater_local.ministack.guard import Guard
from headwater_local.ministack.record_search import bisecting, dropping_expired

Request = TypeVar("Request")
Answer = TypeVar("Answer")


def main() -> None:
    """Serve until SIGTERM."""
    glue._create_table = one_at_a_time(glue._create_table)
    glue._update_table = one_at_a_time(glue._update_table)
    kinesis._next_sequence_number = without_zeros(kinesis._next_sequence_number)
    kinesis._start_position = bisecting(kinesis._start_position)
    kinesis._expire_records = dropping_expired(time.time)
    ministack.app = Guard(ministack.app)  # What its `main` serves.
    ministack.main()


def one_at_a_time(answer: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
    """Return what answers a request only when the one before has been answered.

    The stand-in answers each in a thread of its own. It compares a table's version with the one
    that an update names before it sets the next, and asks the clock in between: two commits on one
    version would both be told that they succeeded, and one of them would be lost. Glue takes one.
    """
    lock = Lock()

    def answered(request: Request) -> Answer:
        with lock:
            return answer(request)

    return answered


def without_zeros(number: Callable[[], str]) -> Callable[[], str]:
    r"""Return what makes sequence numbers as Kinesis does, which never begin with a zero.

    Its pattern is ``0|([1-9]\d{0,128})`` ("GetShardIterator", Kinesis API). Whoever keeps a number
    as a number asks for what comes after it without the zeros, and the stand-in compares texts.
    """
    return lambda: number().lstrip("0")


if __name__ == "__main__":
    main()
