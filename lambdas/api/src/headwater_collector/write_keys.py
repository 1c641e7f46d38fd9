"""Whose events these are: from a write key to a source."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from headwater_collector.errors import UnknownKeyError
from headwater_collector.request import Request

NO_KEY_APP_ID: Final = "default"
"""The app of events that come without a key, where none is required."""

_MAX_APP_ID_CHARACTERS = 128


@dataclass(frozen=True, slots=True)
class Source:
    """Whose events come with a write key; ``is_import``: they are history, and keep their times."""

    app_id: str
    is_import: bool = False


@dataclass(frozen=True, slots=True)
class WriteKeys:
    """The write keys that are set up, each with its app: those of clients, and those of imports.

    If no client key is set up, any key is taken as the app's name.
    """

    of_clients: Mapping[str, str] = field(default_factory=dict)
    of_imports: Mapping[str, str] = field(default_factory=dict)

    @property
    def are_required(self) -> bool:
        """Whether a request needs one of them."""
        return bool(self.of_clients)

    def __contains__(self, write_key: str) -> bool:
        return write_key in self.of_clients or write_key in self.of_imports

    def source(self, write_key: str | None) -> Source:
        """Return the source behind a write key.

        Raises:
            UnknownKeyError: keys are required, and this is not one of them.
        """
        if write_key is not None and write_key in self.of_imports:
            return Source(self.of_imports[write_key], is_import=True)
        if not self.are_required:
            return Source((write_key or NO_KEY_APP_ID)[:_MAX_APP_ID_CHARACTERS])
        if write_key is None or write_key not in self.of_clients:
            raise UnknownKeyError(
                "the write key is missing or unknown: send it as the user name of Basic "
                'authentication, or as "writeKey" in the body or the query'
            )
        return Source(self.of_clients[write_key])


def write_key_of(request: Request, write_keys: WriteKeys) -> str | None:
    """Return the write key in a request's head; None if there is none that can be read.

    It is the user name of Basic authentication (RFC 7617), or ``writeKey`` in the query, where
    beacons have it, for they have no headers. A Bearer token is one only if it is among
    ``write_keys``: with OAuth, Segment's clients send a secret there, and the key in the body.
    """
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "basic":
            key = _user_name(credentials)
        case "bearer" if credentials in write_keys:
            key = credentials
        case _:
            key = None
    return key or request.query.get("writeKey")


def _user_name(credentials: str) -> str | None:
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return decoded.partition(":")[0]
