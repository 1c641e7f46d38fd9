"""The collector's time per request, without a network: ``python bench/collector.py``.

``--beside PATH`` measures the collector of another checkout in turns with this one, so that a noisy
machine is noisy for both, and prints the ratio.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from rich.console import Console
from rich.progress import track
from rich.table import Table

SIZES: Final = (1, 20, 500)
"""Messages in a batch: a server's call, a page's visit, a server's queue."""

_ROUNDS: Final = 7
_SECONDS: Final = 0.5
"""Of processor time for one size in one round."""

_HERE: Final = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str]) -> None:
    """Measure, and print a table in microseconds per request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", type=Path, help="another checkout of this project")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        json.dump([_microseconds(size) for size in SIZES], sys.stdout)
        return
    checkouts = [_HERE] + ([options.beside.resolve()] if options.beside else [])
    rounds = track(range(_ROUNDS), "rounds", console=Console(stderr=True))
    runs = [[_measured(checkout) for checkout in checkouts] for _ in rounds]
    Console().print(_table(checkouts, runs))


def _measured(checkout: Path) -> list[float]:
    """Return the microseconds for each size, measured in a process of its own."""
    sources = [checkout / "lambdas/api/src", checkout / "lambdas/contract/src"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sources))}
    command = [sys.executable, __file__, "--measure"]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    measured: list[float] = json.loads(done.stdout)
    return measured


def _microseconds(size: int) -> float:
    """Return the processor time that a batch of ``size`` messages takes the collector."""
    from headwater_collector.collector import Collector  # noqa: PLC0415 -- of either checkout
    from headwater_collector.settings import Settings  # noqa: PLC0415
    from headwater_collector.stream import MemoryStream  # noqa: PLC0415

    settings = Settings.from_environment({"STREAM_NAME": "s", "AWS_REGION": "eu-central-1"})
    stream = MemoryStream()
    collector = Collector(settings, stream, now=lambda: datetime.now(UTC), report=lambda _: None)
    request = _request(size)
    assert collector.handle(request)["statusCode"] == 200  # noqa: S101
    requests, start = 0, time.process_time()
    while (spent := time.process_time() - start) < _SECONDS:
        collector.handle(request)
        stream.records.clear()
        requests += 1
    return spent / requests * 1e6


def _request(size: int) -> dict[str, Any]:
    return {
        "rawPath": "/v1/batch",
        "requestContext": {
            "http": {"method": "POST", "sourceIp": "203.0.113.9"},
            "stage": "$default",
        },
        "headers": {"content-type": "application/json", "user-agent": "analytics-python/2.3.4"},
        "body": json.dumps({"batch": [_message(n) for n in range(size)], "writeKey": "shop"}),
        "isBase64Encoded": False,
    }


def _message(number: int) -> dict[str, Any]:
    return {
        "type": "track",
        "messageId": f"message-{number}",
        "anonymousId": f"device-{number % 50}",
        "userId": f"user-{number % 50}",
        "timestamp": "2026-01-31T13:37:00.000Z",
        "event": "Product Viewed",
        "properties": {"product_id": f"P-{number}", "price": 19.99, "categories": ["a", "b"]},
        "context": {
            "library": {"name": "analytics-python", "version": "2.3.4"},
            "page": {"url": f"https://shop.example/p/{number}", "title": "A product"},
            "userAgent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15",
        },
        "integrations": {},
    }


def _table(checkouts: Sequence[Path], runs: Sequence[Sequence[Sequence[float]]]) -> Table:
    table = Table("messages", *(str(checkout) for checkout in checkouts))
    if len(checkouts) > 1:
        table.add_column("ratio")
    for index, size in enumerate(SIZES):
        columns = [median(run[one][index] for run in runs) for one in range(len(checkouts))]
        cells = [f"{microseconds:,.0f} µs" for microseconds in columns]
        ratio = [f"{columns[0] / columns[1]:.2f}"] if len(columns) > 1 else []
        table.add_row(str(size), *cells, *ratio)
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
