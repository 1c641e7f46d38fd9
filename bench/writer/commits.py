"""A number of commits to ``events`` alone: to count what one costs, or to have a table with some.

Run as ``python -m writer.commits CONTENDER COMMITS EVENTS`` with the writer's environment: the name
of a contender (``writer.contenders``), how often it commits, and the events in each commit.
"""

import os
import sys

from headwater_writer.settings import Settings
from headwater_writer.spark import session
from writer.batches import invocation
from writer.contenders import contenders


def _main(name: str, commits: int, events: int) -> None:
    settings = Settings.from_environment(os.environ)
    contender = contenders(session.start(settings), settings)[name]
    for number in range(commits):
        contender(invocation(number * events, events))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
