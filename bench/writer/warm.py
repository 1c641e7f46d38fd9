"""Warm batches: the writer and its peer in turn, in one process, on tables that are alike.

Run as ``python -m writer.warm EVENTS ROUNDS`` with the writer's environment. Prints one line of
JSON: seconds of each contender in each round, and whether both tables hold the same rows.
"""

import json
import os
import sys
import time
from typing import Any

from headwater_contract.tables import EVENTS
from headwater_writer.rehearsal import warm_up
from headwater_writer.settings import Settings
from headwater_writer.spark import session
from writer.batches import invocation
from writer.contenders import PEER_TABLE, Contender, contenders
from writer.peer import contents

WARM_ROUNDS = 3


def _main(events: int, rounds: int) -> None:
    settings = Settings.from_environment(os.environ)
    spark = session.start(settings)
    warm_up(spark)
    in_turn = contenders(spark, settings)
    seconds: dict[str, list[float]] = {name: [] for name in in_turn}
    for number in range(WARM_ROUNDS + rounds):
        event = invocation(number * events, events)
        for name, contender in in_turn.items():
            taken = _seconds(contender, event)
            if number >= WARM_ROUNDS:
                seconds[name].append(taken)
    print(json.dumps({"seconds": seconds, "same_rows": _same_rows(settings)}))


def _seconds(contender: Contender, event: dict[str, Any]) -> float:
    start = time.perf_counter()
    contender(event)
    return time.perf_counter() - start


def _same_rows(settings: Settings) -> bool:
    ours, peers = (
        contents(str(settings.endpoint), settings.database, table)
        for table in (EVENTS.name, PEER_TABLE)
    )
    return bool(ours == peers)


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
