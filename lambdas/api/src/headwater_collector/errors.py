"""Why a whole request is refused, as the client hears it.

Nothing of such a request is on the stream, except where the stream itself failed: then some of its
records may be.

- RefusedRequestError
    - DamagedBodyError (400)
    - UnknownKeyError (401)
    - UnknownPathError (404)
    - WrongMethodError (405)
    - OversizedRequestError (413)
    - UnknownEncodingError (415)
    - StreamUnavailableError (503)
"""

from collections.abc import Mapping
from typing import ClassVar


class RefusedRequestError(Exception):
    """A request that is refused as a whole; its text is a sentence for the client.

    ``status`` and ``headers`` are those of the HTTP response.
    """

    status: ClassVar[int]
    headers: Mapping[str, str] = {}


class DamagedBodyError(RefusedRequestError):
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


class OversizedRequestError(RefusedRequestError):
    """The body, or what it inflates to, is over the limit."""

    status = 413


class UnknownEncodingError(RefusedRequestError):
    """The body is compressed in a way that is not understood."""

    status = 415
    headers: Mapping[str, str] = {"accept-encoding": "gzip"}  # As RFC 9110 (15.5.16) suggests.


class StreamUnavailableError(RefusedRequestError):
    """The stream did not confirm every record in time. Some of them may be on it."""

    status = 503
    headers: Mapping[str, str] = {"retry-after": "5"}  # Seconds.
