"""The memory that a writer takes for invocations: ``python -m writer.memory EVENTS ROUNDS``.

Run with the writer's environment. Prints one line of JSON: the peak resident bytes of Python and
of Java, and the most that both took at one time.
"""

import json
import os
import sys
import threading

import psutil
from aws_lambda_powertools import Logger

from headwater_writer.handler import handle
from headwater_writer.settings import Settings
from headwater_writer.spark import session
from writer.bare import writer_of
from writer.batches import invocation

SAMPLE_SECONDS = 0.02


class Watch(threading.Thread):
    """Looks at the two processes again and again."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        python = psutil.Process()
        self._processes = {"python": python, "java": python.children()[0]}
        self._over = threading.Event()
        self.peak = dict.fromkeys((*self._processes, "both"), 0)

    def run(self) -> None:
        """Note the most until told to stop."""
        while not self._over.wait(SAMPLE_SECONDS):
            now = {name: process.memory_info().rss for name, process in self._processes.items()}
            now["both"] = sum(now.values())
            self.peak = {name: max(size, now[name]) for name, size in self.peak.items()}

    def finish(self) -> dict[str, int]:
        """Stop, and return the peaks by name."""
        self._over.set()
        self.join()
        return self.peak


def _main(events: int, rounds: int) -> None:
    settings = Settings.from_environment(os.environ)
    spark = session.start(settings)
    watch = Watch()
    watch.start()
    logger = Logger(service="bench", stream=sys.stderr)
    writer = writer_of(spark, settings)
    for number in range(rounds):
        handle(invocation(number * events, events), writer, logger)
    print(json.dumps(watch.finish()))


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
