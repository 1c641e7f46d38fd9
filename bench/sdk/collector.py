"""A collector that takes what any of the SDKs sends, and knows the bench's events in it."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from e2e.loopback import QuietHandler, serve

HEADERS = "authorization, content-type, sp-anonymous, x-retry-count"
"""What the SDKs add to their requests; a wildcard does not hold for those with credentials."""

ID_FIELDS = ("messageId", "eid", "uuid", "$insert_id")
"""Where the SDKs have the id by which a repeat is known."""


@dataclass
class Collector:
    """Answers every POST with ``status``, and keeps the bench's events of those that it accepts."""

    url: str = ""
    status: int = 200
    requests: int = 0
    ids: dict[str, set[str]] = field(default_factory=dict)

    def take(self, body: bytes) -> int:
        """Take a request's body, and return the status of its answer."""
        self.requests += 1
        if self.status == 200:
            for event in _events_in(body):
                name = re.search(r"bench-\d+", json.dumps(event))
                if name:
                    self.ids.setdefault(name[0], set()).add(_id_of(event, len(self.ids)))
        return self.status

    def lost(self, count: int) -> int:
        """How many of so many events never came."""
        return count - len(self.ids)

    def doubled(self) -> int:
        """How many came under two ids, or without one and twice: nobody can tell them for one."""
        return Counter(len(ids) > 1 for ids in self.ids.values())[True]


def _events_in(body: bytes) -> list[Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return []
    if isinstance(parsed, list):
        return parsed
    for key in ("batch", "data"):
        if isinstance(parsed.get(key), list):
            return list(parsed[key])
    return [parsed]


def _id_of(event: dict[str, Any], count: int) -> str:
    places = (event, event.get("properties") or {})
    found = [str(place[name]) for place in places for name in ID_FIELDS if name in place]
    return found[0] if found else f"none {count}"


@contextmanager
def collector() -> Iterator[Collector]:
    """Run one on loopback."""
    taken = Collector()

    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            self.say(taken.take(self.rfile.read(int(self.headers["Content-Length"] or 0))))

        def do_GET(self) -> None:  # noqa: N802
            self.say(200)

        def do_OPTIONS(self) -> None:  # noqa: N802
            self.say(200)

        def say(self, status: int) -> None:
            """Answer with empty JSON, to pages of any origin, with credentials or without."""
            headers = {
                "Access-Control-Allow-Origin": self.headers["Origin"] or "*",
                "Access-Control-Allow-Credentials": "true",
                "Access-Control-Allow-Headers": HEADERS,
                "Access-Control-Expose-Headers": "Retry-After",
                "Content-Type": "application/json",
            }
            self.answer(status, b"{}", headers)

    with serve(Handler) as taken.url:
        yield taken
