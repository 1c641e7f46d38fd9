"""Whose events these are: from a write key to an app."""

import base64
import binascii
from collections.abc import Collection, Mapping
from typing import Final

from headwater_collector.errors import UnknownKeyError
from headwater_collector.request import Request

NO_KEY_APP_ID: Final = "default"
"""The app of events that come without a key, where none is required."""

_MAX_APP_ID_CHARACTERS = 128


def app_id_of(write_key: str | None, write_keys: Mapping[str, str]) -> str:
    """Return the app behind a write key; where no keys are set up, a key is its app's name.

    Raises:
        UnknownKeyError: keys are set up, and this is none of them.
    """
    if not write_keys:
        return (write_key or NO_KEY_APP_ID)[:_MAX_APP_ID_CHARACTERS]
    if write_key is None or write_key not in write_keys:
        raise UnknownKeyError(
            "the write key is missing or unknown: send it as the user name of Basic "
            'authentication, or as "writeKey" in the body or the query'
        )
    return write_keys[write_key]


def write_key_of(request: Request, write_keys: Collection[str]) -> str | None:
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
