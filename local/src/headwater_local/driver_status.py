"""What the driver tells other processes about itself: `driver.json`."""

import json
import time
from dataclasses import asdict
from pathlib import Path

from headwater_local.event_source.files import replace_file
from headwater_local.event_source.source import EventSource
from headwater_local.runtime_api import RuntimeApi

STATUS_SECONDS = 1.0
"""How often `driver.json` is written at most."""


class StatusFile:
    """Tells other processes how far the driver is, in a JSON file.

    `writer_ready` (a worker is there), `function_timeouts` (a count: the worker
    may hang), and for each shard what `ShardStatus` has.
    """

    def __init__(self, path: Path, source: EventSource, api: RuntimeApi) -> None:
        self._path = path
        self._source = source
        self._api = api
        self._written = ""
        self._due_at = 0.0

    def keep_current(self) -> None:
        """Replace the file if it is out of date and not younger than a second."""
        now = time.monotonic()
        if now < self._due_at:
            return
        self._due_at = now + STATUS_SECONDS
        document = json.dumps(self._document(), indent=1)
        if document != self._written:
            replace_file(self._path, document)
            self._written = document

    def _document(self) -> dict[str, object]:
        return {
            "writer_ready": self._api.ready.is_set(),
            "function_timeouts": self._api.timeouts,
            "shards": {shard: asdict(status) for shard, status in self._source.status.items()},
        }
