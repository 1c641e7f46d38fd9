"""The whole examination, in the order of an event's route."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import httpx

from headwater_local.doctor.aws import guarded
from headwater_local.doctor.collector import examine_collector
from headwater_local.doctor.consumer import examine_consumer
from headwater_local.doctor.finding import Finding
from headwater_local.doctor.stack import Stack
from headwater_local.doctor.stream import examine_stream
from headwater_local.doctor.tables import examine_tables

TIMEOUT_SECONDS: Final = 15.0
"""A collector that starts cold answers within three."""


def examine(stack: Stack, write_key: str, origin: str, client: httpx.Client) -> Iterator[Finding]:
    """Yield what is wrong at each station of the route, or that nothing is."""
    yield from examine_collector(
        stack.api_url, write_key, origin, client, lambda: datetime.now(UTC)
    )
    yield from guarded("stream", examine_stream(stack))
    yield from guarded("writer", examine_consumer(stack, datetime.now(UTC)))
    yield from guarded("tables", examine_tables(stack, datetime.now(UTC)))
