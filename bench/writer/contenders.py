"""What takes turns at the same invocations: the writer, its peer, and the part that both share."""

import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from aws_lambda_powertools import Logger
from pyspark.sql import SparkSession

from headwater_contract.tables import EVENTS
from headwater_writer.functions.invocation import without_gc
from headwater_writer.handler import handle
from headwater_writer.settings import Settings
from writer.bare import writer_of
from writer.peer import Peer, create_like
from writer.shared import SharedPart

OURS: Final = "ours"
PEER: Final = "peer"
SHARED: Final = "shared"
PEER_TABLE: Final = "events_of_peer"

Contender = Callable[[dict[str, Any]], object]
"""Does its work on an invocation."""


def contenders(spark: SparkSession, settings: Settings) -> Mapping[str, Contender]:
    """Return the contenders by name, the writer and the peer each with a new table of its own."""
    writer, logger = writer_of(spark, settings), Logger(service="bench", stream=sys.stderr)
    endpoint, database = str(settings.endpoint), settings.database
    location = f"{settings.warehouse}/{PEER_TABLE}"
    create_like(endpoint, database, EVENTS.name, PEER_TABLE, location)
    every: Mapping[str, Contender] = {
        OURS: lambda event: handle(event, writer, logger),
        PEER: Peer(endpoint, database, PEER_TABLE).write,
        SHARED: SharedPart().arrow,
    }
    return {name: _without_gc(contender) for name, contender in every.items()}


def _without_gc(contender: Contender) -> Contender:
    # As Lambda runs the writer. Half of what the collector costs is in the part that all share.
    def run(event: dict[str, Any]) -> object:
        with without_gc():
            return contender(event)

    return run
