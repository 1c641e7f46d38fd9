"""An HTTP client within limits: a pace, ``Retry-After``, a time and a size for each answer."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from headwater_collector.delivery import Patience
from headwater_poller.answers import Answer, parse_date, parse_json
from headwater_poller.authorization import Credentials
from headwater_poller.config import Limits
from headwater_poller.errors import AnswerError, RequestError, TransientError
from headwater_poller.requests import Request

_HEADERS: Final = {
    "accept": "application/json",
    "accept-encoding": "gzip",
    "user-agent": "headwater-poller",
}
_CHUNK: Final = 64 * 1024
_TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_PATIENCE: Final = Patience(first_pause=1.0, longest_pause=60.0)


@dataclass
class Client:
    """Asks one API.

    ``pause`` waits for seconds, and raises ``StoppedError`` if the process is to stop.
    """

    limits: Limits
    headers: Mapping[str, str]
    pause: Callable[[float], None]
    clock: Callable[[], float] = time.monotonic
    credentials: Credentials = field(default_factory=Credentials)
    _pool: PoolManager = field(default_factory=lambda: PoolManager(retries=False))
    _not_before: float = 0.0

    def get(self, request: Request) -> Answer:
        """Return the answer to a request, which is retried if the failure is transient.

        Raises:
            RequestError: the API did not answer, or refused.
            AnswerError: the answer is too large, or not JSON.
            StoppedError: the process is to stop.
        """
        for attempt in range(self.limits.attempts - 1):
            try:
                return self._get_once(request)
            except TransientError as error:
                self.pause(self._wait(attempt, error))
        return self._get_once(request)

    def _wait(self, attempt: int, error: TransientError) -> float:
        if error.retry_after is None:
            return _PATIENCE.pause(attempt)
        longest = self.limits.longest_wait.total_seconds()
        if error.retry_after > longest:
            raise RequestError(
                f"{error}; it asks to wait {error.retry_after:,.0f} seconds, and "
                f"limits.longest_wait is {longest:,.0f}"
            ) from error
        return error.retry_after

    def _get_once(self, request: Request) -> Answer:
        self._keep_pace()
        deadline = self.clock() + self.limits.timeout.total_seconds()
        try:
            response = self._send(request)
            try:
                return self._answer(response, deadline)
            finally:
                # An answer that is not read to its end leaves its connection unusable.
                response.close()
        except HTTPError as error:
            raise TransientError(
                f"{request.url} did not answer ({type(error).__name__})"
            ) from error

    def _keep_pace(self) -> None:
        now = self.clock()
        self.pause(max(0.0, self._not_before - now))
        self._not_before = max(now, self._not_before) + 1 / self.limits.requests_per_second

    def _send(self, request: Request) -> BaseHTTPResponse:
        asked = request
        for name, value in self.credentials.params:
            asked = asked.asking(name, value)
        return self._pool.request(
            "GET",
            asked.url,
            fields=list(asked.params),
            headers={**_HEADERS, **self.headers, **self.credentials.headers},
            timeout=Timeout(connect=10.0, read=self.limits.timeout.total_seconds()),
            redirect=False,
            preload_content=False,
        )

    def _answer(self, response: BaseHTTPResponse, deadline: float) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        _require_success(response.status, headers)
        text = self._read(response, deadline)
        document = parse_json(text, headers.get("content-type", "")) if text else None
        return Answer(document, headers)

    def _read(self, response: BaseHTTPResponse, deadline: float) -> bytes:
        """Return a body, decompressed; no more of it is ever in memory than is allowed."""
        text = bytearray()
        while chunk := response.read1(_CHUNK):
            text += chunk
            if len(text) > self.limits.page_bytes:
                raise AnswerError(
                    f"a page has more than {self.limits.page_bytes:,} bytes: ask for fewer records "
                    "a page with a parameter below `params`, or raise limits.page_bytes"
                )
            if self.clock() > deadline:
                seconds = self.limits.timeout.total_seconds()
                raise TransientError(f"the answer was not complete after {seconds:g} seconds")
        return bytes(text)


def _require_success(status: int, headers: Mapping[str, str]) -> None:
    if status == 200:
        return
    if status in _TRANSIENT:
        raise TransientError(f"the API answers {status}", _retry_after(headers))
    if status in {401, 403}:
        raise RequestError(f"the API refuses the credentials ({status}): check `auth`")
    if 300 <= status < 400:
        raise RequestError(f"the API redirects ({status}): set `url` to the address it moved to")
    raise RequestError(f"the API answers {status}: check `url` and `params`")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait (RFC 9110, 10.2.3), a date being read by the API's own clock."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal() and text.isascii():
        return float(text)
    until = parse_date(text)
    if until is None:
        return None
    now = parse_date(headers.get("date")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())
