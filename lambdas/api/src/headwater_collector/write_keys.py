"""Whose events these are: from a write key to an app."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

from headwater_collector.errors import UnknownKeyError

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
            'authentication, or as "writeKey" in the body'
        )
    return write_keys[write_key]


def write_key_of(authorization: str | None) -> str | None:
    """Return the write key of an ``Authorization`` header: the user name of Basic authentication.

    None where there is no such header, or none that can be read (RFC 7617).
    """
    scheme, _, credentials = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return decoded.partition(":")[0] or None
