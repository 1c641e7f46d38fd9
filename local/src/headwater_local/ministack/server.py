"""The AWS stand-in's process: ministack behind a guard, on a clock that never goes back.

Run as ``python -m headwater_local.ministack.server`` with the stand-in's interpreter, whose
environment has ministack and not our dependencies. ``CLOCK_FILE`` names the file that keeps the
time from run to run.
"""

# ruff: noqa: E402, SLF001 -- the clock comes first: modules of ministack take over the function

import os
import time
from pathlib import Path

from headwater_local.ministack.held_clock import HeldClock

time.time = HeldClock(Path(os.environ["CLOCK_FILE"]))

from ministack import app as ministack
from ministack.services import glue

from headwater_local.ministack.guard import Guard
from headwater_local.ministack.one_at_a_time import one_at_a_time


def main() -> None:
    """Serve until SIGTERM."""
    glue._create_table = one_at_a_time(glue._create_table)
    glue._update_table = one_at_a_time(glue._update_table)
    ministack.app = Guard(ministack.app)  # What its `main` serves.
    ministack.main()


if __name__ == "__main__":
    main()
