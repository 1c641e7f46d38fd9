"""Why a whole request is refused, as the client hears it.

Nothing of such a request is on the stream, but for two: of a body that cannot be read the beginning
is kept, and if the stream itself failed, some of the records may be on it.

- RefusedRequestError
    - UnreadableBodyError
        - DamagedBodyError (400)
        - OversizedRequestError (413)
        - UnknownEncodingError (415)
    - UnknownKeyError (401)
    - UnknownPathError (404)
    - WrongMethodError (405)
    - StreamThrottledError (429)
    - StreamUnavailableError (503)
"""

from collections.abc import Mapping
from typing import ClassVar

from headwater_contract.limits import MAX_MESSAGE_BYTES


class RefusedRequestError(Exception):
    """A request that is refused as a whole; its text is a sentence for the client.

    ``status`` and ``headers`` are those of the HTTP response.
    """

    status: ClassVar[int]
    headers: Mapping[str, str] = {}


class UnreadableBodyError(RefusedRequestError):
    """A body in which no messages can be told apart; ``beginning`` is as much of it as is kept."""

    def __init__(self, reason: str, body: bytes) -> None:
        super().__init__(reason)
        self.beginning = body[:MAX_MESSAGE_BYTES]


class DamagedBodyError(UnreadableBodyError):
    """The body's transfer encoding or compression is broken."""

    status = 400


class UnknownKeyError(RefusedRequestError):
    """Write keys are required, and the request has none of them."""

    # No WWW-Authenticate: on a first-party host it makes browsers ask visitors for a password.
    status = 401


class UnknownPathError(RefusedRequestError):
    """There is nothing at that path."""

    status = 404


class WrongMethodError(RefusedRequestError):
    """The path exists, and takes other methods."""

    status = 405

    def __init__(self, method: str, allowed: str) -> None:
        super().__init__(f"{method[:20]} is not allowed here: use {allowed}")
        self.headers = {"allow": allowed}  # RFC 9110 (15.5.6) asks for it.


class OversizedRequestError(UnreadableBodyError):
    """The body, or what it inflates to, is over the limit."""

    status = 413


class UnknownEncodingError(UnreadableBodyError):
    """The body is compressed in a way that is not understood."""

    status = 415
    headers: Mapping[str, str] = {"accept-encoding": "gzip"}  # As RFC 9110 (15.5.16) suggests.


class StreamThrottledError(RefusedRequestError):
    """The stream takes less than it gets. Some of the request's records may be on it.

    Segment's newer clients wait as long as they are told on a 429, and do not count it as a try.
    """

    status = 429
    headers: Mapping[str, str] = {"retry-after": "5"}  # Seconds.


class StreamUnavailableError(RefusedRequestError):
    """The stream did not confirm every record in time. Some of them may be on it."""

    status = 503
    headers: Mapping[str, str] = {"retry-after": "5"}  # Seconds.
