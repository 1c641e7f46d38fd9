"""The collector, as a page and a client meet it: address, key, origin, clock. Nothing is sent."""

from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import httpx

from headwater_local.doctor.finding import Finding, Health, fault, warning

PART: Final = "collector"
THROTTLED: Final = (
    "run it again; if that does not help, raise `collector.throttle`, or `stream.shards` if the "
    "alarm `stream-throttles` is on"
)
MAX_SKEW_SECONDS: Final = 300
"""AWS refuses requests that are signed by a clock further off ("Signing AWS API requests")."""

_KEY: Final = {401, 403}
_ASKED_HEADERS: Final = "content-type, authorization"


def examine_collector(
    api_url: str, write_key: str, origin: str, client: httpx.Client, now: Callable[[], datetime]
) -> Iterator[Finding]:
    """Yield what a client with this key, and a page of this origin, would meet."""
    try:
        settings = client.get(f"{api_url}/v1/projects/{quote(write_key, safe='')}/settings")
        preflight = client.options(f"{api_url}/v1/b", headers=_preflight(origin))
    except (httpx.TransportError, httpx.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        said = f"nothing answers at {api_url} ({reason})"
        yield fault(PART, said, "check the address, its name in DNS and its certificate")
        return
    address = _address(api_url, settings)
    yield address
    if address.health is Health.GOOD:
        yield from (_origin(origin, preflight), *_clock(settings, now()))


def _address(api_url: str, settings: httpx.Response) -> Finding:
    status = settings.status_code
    if status in _KEY:
        return fault(
            PART,
            f"it refuses the write key ({status})",
            "give --write-key one of `collector.write_keys`, and the pages the same",
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return fault(PART, f"{api_url} takes no more requests for now ({status})", THROTTLED)
    if status >= 500:
        return fault(PART, f"{api_url} answers {status}", "look into the collector's log")
    if not settings.is_success or "integrations" not in settings.text:
        return fault(
            PART,
            f"what answers at {api_url} is not a collector ({status})",
            "give the address that `terraform output api_instance_url` prints, path and all",
        )
    return Finding(PART, f"{api_url} answers, and takes the write key")


def _preflight(origin: str) -> dict[str, str]:
    return {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": _ASKED_HEADERS,
    }


def _origin(origin: str, preflight: httpx.Response) -> Finding:
    if preflight.headers.get("access-control-allow-origin") in {"*", origin}:
        return Finding("origin", f"pages of {origin} may send")
    return fault(
        "origin",
        f"pages of {origin} may not send: their browsers withhold the requests",
        "add it to `collector.allowed_origins`, scheme and port included",
    )


def _clock(settings: httpx.Response, now: datetime) -> Iterator[Finding]:
    said = settings.headers.get("date")
    if said is None:
        return
    skew = (now - parsedate_to_datetime(said)).total_seconds()
    if abs(skew) <= MAX_SKEW_SECONDS:
        yield Finding("clock", "this machine's clock agrees with the collector's")
        return
    direction = "ahead of" if skew > 0 else "behind"
    yield warning(
        "clock",
        f"this machine's clock is {abs(skew):,.0f} s {direction} the collector's",
        "synchronize it: AWS refuses requests that are signed by it",
    )
