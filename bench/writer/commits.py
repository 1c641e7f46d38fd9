"""A number of small commits to ``events`` alone, for counting what one costs.

Run as ``python -m writer.commits ROUNDS`` with the writer's environment.
"""

import os
import sys

from headwater_writer import session
from headwater_writer.decode import received_records
from headwater_writer.settings import Settings
from writer.bare import writer_of
from writer.batches import EVENTS_A_RECORD, invocation

if __name__ == "__main__":
    settings = Settings.from_environment(os.environ)
    writer = writer_of(session.start(settings), settings)
    for number in range(int(sys.argv[1])):
        event = invocation(number * EVENTS_A_RECORD, EVENTS_A_RECORD)
        writer.write(received_records(event))
