"""The API's process: Lambda handlers behind HTTP on loopback.

Beside the collector's there is the history's, if that sink is on.

Run as ``python -m headwater_local.api_gateway.collector`` with ``API_PORT`` and the settings that
the handlers have on AWS.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import uvicorn

from headwater_collector.lambda_function import handler
from headwater_local import json_log
from headwater_local.api_gateway.gateway import Gateway, Handler
from headwater_local.names import LOOPBACK

THREADS = 32
"""Invocations at a time; each mostly waits for the stream."""

WAITING_REQUESTS = 1000
"""Connections beyond this are answered 503, as a throttled API would."""


def _routes(environment: Mapping[str, str]) -> Mapping[str, Handler]:
    """Return the routes that have a function of their own, as the API on AWS has them."""
    if "HISTORY_TABLE" not in environment:
        return {}
    from headwater_sinks.history import route  # noqa: PLC0415 -- importing it reads its settings

    return {"GET /v1/history": route.handler}


def main() -> None:
    """Serve until SIGTERM; requests that are under way are answered first."""
    json_log.configure()
    with ThreadPoolExecutor(THREADS, "handler") as threads:
        uvicorn.run(
            Gateway(handler, threads, routes=_routes(os.environ)),
            host=LOOPBACK,
            port=int(os.environ["API_PORT"]),
            log_config=None,
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
