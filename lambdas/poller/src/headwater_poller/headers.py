"""What an HTTP header can carry, which is less than a text of a config or a secret may hold."""

import re
from typing import Final

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token (RFC 9110, 5.6.2)."""


def is_header_name(text: str) -> bool:
    """Return whether a header may be called that."""
    return _NAME.fullmatch(text) is not None


def is_header_value(text: str) -> bool:
    """Return whether it is printable Latin-1, in which ``http.client`` encodes it."""
    return text.isprintable() and all(character <= "\xff" for character in text)
