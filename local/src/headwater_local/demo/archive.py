"""What the visitors sent, as lines of a raw archive: with its times, browsers and countries.

An archive is what a backfill writes as of the day on which it came. What is sent to the collector
came today, however old it is.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from headwater_collector.validation import validate
from headwater_contract.archive_line import Archived, archive_line
from headwater_contract.envelope import Envelope
from headwater_local.demo.requests import Demo, requests
from headwater_local.demo.visit import Request

APP: Final = "demo"
"""The app of all events of the demo."""


def lines(demo: Demo) -> Iterator[bytes]:
    """Yield the lines of an archive of all that came, each with its end.

    A message has the same position in each archive of a seed, so it is written once.
    """
    for request in requests(demo):
        yield from _lines(request, f"{APP}/seed-{demo.seed}")


def _lines(request: Request, shard: str) -> Iterator[bytes]:
    envelope, sequence = _envelope(request), _sequence(request)
    for index, message in enumerate(request.messages):
        entry = validate(message).entry
        yield archive_line(Archived(envelope, entry, shard, sequence, index))


def _envelope(request: Request) -> Envelope:
    visitor = request.visit.visitor
    return Envelope(
        request.received,
        APP,
        gpc=visitor.consent == "gpc",
        user_agent=request.visit.device.user_agent,
        country=visitor.place.country,
        city=visitor.place.city,
    )


def _sequence(request: Request) -> str:
    """Return the number of the stream record that the visit could have been.

    Visits of one time are next to each other, so that a search finds them in few files.
    """
    milliseconds = int(request.visit.begins.timestamp() * 1000)
    digest = hashlib.sha256(request.visit.key.encode()).digest()
    return f"1{milliseconds:015}{int.from_bytes(digest[:8]):020}"
