"""Warm batches: the writer and its peer in turn, in one process, on tables that are alike.

Run as ``python -m writer.warm EVENTS ROUNDS`` with the writer's environment. Prints one line of
JSON: seconds of each round, and whether both tables hold the same rows.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from headwater_contract.tables import EVENTS
from headwater_writer import session
from headwater_writer.decode import received_records
from headwater_writer.rehearsal import warm_up
from headwater_writer.settings import Settings
from writer.bare import writer_of
from writer.batches import invocation
from writer.peer import Peer, contents, create_like

PEER_TABLE = "events_of_peer"
WARM_ROUNDS = 3


def _main(events: int, rounds: int) -> None:
    settings = Settings.from_environment(os.environ)
    spark = session.start(settings)
    warm_up(spark)
    writer = writer_of(spark, settings)
    endpoint, database = str(settings.endpoint), settings.database
    location = f"{settings.warehouse}/{PEER_TABLE}"
    create_like(endpoint, database, EVENTS.name, PEER_TABLE, location)
    peer = Peer(endpoint, database, PEER_TABLE)

    def ours(event: dict[str, Any]) -> None:
        writer.write(received_records(event))

    seconds: dict[str, list[float]] = {"ours": [], "peer": []}
    for number in range(WARM_ROUNDS + rounds):
        event = invocation(number * events, events)
        for name, write in (("ours", ours), ("peer", peer.write)):
            taken = _seconds(write, event)
            if number >= WARM_ROUNDS:
                seconds[name].append(taken)
    same = contents(endpoint, database, EVENTS.name) == contents(endpoint, database, PEER_TABLE)
    print(json.dumps({"seconds": seconds, "same_rows": same}))


def _seconds(write: Callable[[dict[str, Any]], None], event: dict[str, Any]) -> float:
    start = time.perf_counter()
    write(event)
    return time.perf_counter() - start


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
