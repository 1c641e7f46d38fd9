"""Events over the public address, as any client sends them."""

import json
from collections.abc import Collection
from typing import Any, Final

import urllib3

from headwater_canary.canary import NotSentError
from headwater_contract.canary import CANARY_APP

EVENT: Final = "headwater_canary"
USER_AGENT: Final = "headwater-canary (bot)"

_TIMEOUT: Final = urllib3.Timeout(connect=5, read=15)


def client(backoff_seconds: float = 1, wait_seconds: int = 10) -> urllib3.PoolManager:
    """Return what sends again what was not answered well, as clients do: it is one row anyway.

    If the answer has a Retry-After, it waits ``wait_seconds`` at most: a proxy may ask for more
    than a flight has.
    """
    retries = urllib3.Retry(
        total=3,
        backoff_factor=backoff_seconds,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=None,
        raise_on_status=False,
        retry_after_max=wait_seconds,
    )
    return urllib3.PoolManager(timeout=_TIMEOUT, retries=retries)


def send(pool: urllib3.PoolManager, api_url: str, ids: Collection[str]) -> None:
    """Send a batch of events with these ids.

    Raises:
        NotSentError: they were not accepted.
    """
    batch = {"batch": [_event(each) for each in ids], "writeKey": CANARY_APP}
    try:
        answer = pool.request(
            "POST",
            f"{api_url}/v1/batch",
            body=json.dumps(batch),
            headers={"content-type": "application/json", "user-agent": USER_AGENT},
        )
    except urllib3.exceptions.HTTPError as error:
        raise NotSentError(f"{api_url} does not answer: {error}") from error
    if answer.status >= 300:
        said = answer.data[:200].decode(errors="replace")
        raise NotSentError(f"{api_url} answers {answer.status}: {said}")


def _event(event_id: str) -> dict[str, Any]:
    return {
        "type": "track",
        "event": EVENT,
        "messageId": event_id,
        "anonymousId": CANARY_APP,
        "context": {"userAgent": USER_AGENT},
    }
