"""A Django middleware that sends a page hit for each page that is answered.

Add it to ``MIDDLEWARE`` and say where the collector is::

    MIDDLEWARE = [..., "page_hits.PageHits"]
    HEADWATER_URL = "https://…"          # ends without a slash
    HEADWATER_WRITE_KEY = "…"            # if the collector requires one

Visitors do not wait for it: a thread sends the hits, and one that cannot be sent is logged.
"""

import base64
import json
import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request, urlopen

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_TIMEOUT_SECONDS = 5

_log = logging.getLogger(__name__)
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="page-hits")


class PageHits:
    """Sends ``{"pagePath": …, "timestamp": …}`` for each page that was found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, and send the hit that it is."""
        response = self._get_response(request)
        if request.method == "GET" and response.status_code == 200:
            _sender.submit(_send, hit_of(request))
        return response


def hit_of(request: HttpRequest) -> dict[str, Any]:
    """Return the page hit that a request is; ``messageId`` lets a repeat be recognised."""
    hit = {
        "messageId": str(uuid.uuid4()),
        "pagePath": request.path,
        "timestamp": int(time.time() * 1000),
        "url": request.build_absolute_uri(),
        "referrer": request.headers.get("referer"),
        "userAgent": request.headers.get("user-agent"),
        "anonymousId": request.COOKIES.get("visitor"),
    }
    return {name: value for name, value in hit.items() if value is not None}


def _send(hit: dict[str, Any]) -> None:
    key = base64.b64encode(f"{getattr(settings, 'HEADWATER_WRITE_KEY', 'django')}:".encode())
    request = Request(  # noqa: S310 -- the address is the deployer's own
        f"{settings.HEADWATER_URL}/v1/history",
        json.dumps(hit).encode(),
        {"content-type": "application/json", "authorization": f"Basic {key.decode()}"},
    )
    try:
        urlopen(request, timeout=_TIMEOUT_SECONDS).close()  # noqa: S310
    except OSError:
        _log.exception("a page hit could not be sent")
