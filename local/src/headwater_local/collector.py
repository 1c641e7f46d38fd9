"""The collector's process: its Lambda handler behind HTTP on loopback.

Run as `python -m headwater_local.collector`, with the handler's own settings
in the environment.
"""

import logging
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import uvicorn

from headwater_collector.lambda_function import handler
from headwater_local.gateway import Gateway
from headwater_local.names import LOOPBACK

THREADS = 32
"""Invocations at a time; each mostly waits for the stream."""

WAITING_REQUESTS = 1000
"""Connections beyond this are answered 503, as a throttled API would."""


@dataclass(frozen=True)
class Settings:
    """Settings of the HTTP side, from `API_PORT`."""

    port: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings; a missing variable raises KeyError."""
        return cls(int(environment["API_PORT"]))


def main() -> None:
    """Serve until SIGTERM; requests that are under way are answered first."""
    logging.basicConfig(level=logging.INFO)
    settings = Settings.from_environment(os.environ)
    with ThreadPoolExecutor(THREADS, "handler") as threads:
        uvicorn.run(
            Gateway(handler, threads),
            host=LOOPBACK,
            port=settings.port,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            limit_concurrency=WAITING_REQUESTS,
            timeout_graceful_shutdown=3,
        )


if __name__ == "__main__":
    main()
