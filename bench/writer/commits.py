"""A number of small commits to ``events`` alone, for counting what one costs.

Run as ``python -m writer.commits ROUNDS`` with the writer's environment.
"""

import os
import sys
from datetime import UTC, datetime

from headwater_writer import session
from headwater_writer.decode import received_records
from headwater_writer.lake import Lake
from headwater_writer.settings import Settings
from headwater_writer.writer import Writer
from writer.batches import EVENTS_A_RECORD, invocation

if __name__ == "__main__":
    settings = Settings.from_environment(os.environ)
    tables = Lake.of(session.start(settings), settings).tables()
    writer = Writer(tables, settings.rules, lambda: datetime.now(UTC))
    for number in range(int(sys.argv[1])):
        event = invocation(number * EVENTS_A_RECORD, EVENTS_A_RECORD)
        writer.write(received_records(event))
