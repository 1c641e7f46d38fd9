"""The state of the driver, for other processes, in a file."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from headwater_local.files import replace_file
from headwater_local.lambda_service.event_source.shard_consumer import ShardStatus

REPORT_SECONDS = 1.0
"""How often the file is written at most."""


@dataclass(frozen=True)
class DriverReport:
    """How far the driver is.

    ``function_ready`` says that the function polls for events: what is sent from now on is handled.
    ``function_timeouts`` counts the invocations that this driver process gave up on. ``shards``
    has a status for each shard that is being read. ``held_until`` (epoch seconds) is when records
    are handed over again after the machine's clock was set back, 0.0 while they are.
    """

    function_ready: bool = False
    function_timeouts: int = 0
    shards: Mapping[str, ShardStatus] = field(default_factory=dict)
    held_until: float = 0.0

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what the driver last wrote, or the report of one that has not begun."""
        try:
            content = json.loads(path.read_text())
        except FileNotFoundError:
            return cls()
        shards = {shard: ShardStatus(**status) for shard, status in content["shards"].items()}
        return cls(**content | {"shards": shards})

    def write(self, path: Path) -> None:
        """Replace what is in the file."""
        replace_file(path, json.dumps(asdict(self), indent=1))


class Reporter:
    """Writes a report to its file if it has changed, at most once a second."""

    def __init__(
        self,
        path: Path,
        report: Callable[[], DriverReport],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._report = report
        self._now = now
        self._written: DriverReport | None = None
        self._due_at = 0.0

    def keep_current(self) -> None:
        """Write the report of this moment if it is due and differs from the last."""
        now = self._now()
        if now < self._due_at:
            return
        self._due_at = now + REPORT_SECONDS
        report = self._report()
        if report != self._written:
            report.write(self._path)
            self._written = report
