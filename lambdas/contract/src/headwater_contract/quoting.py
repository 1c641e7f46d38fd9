r"""Quoting what a client sent in a sentence for the client.

Sentences go into answers and tables, so none may be made long from outside: Python writes a
character that cannot be shown as ten (``\U000e0001``), and the quotation is cut after that.
"""

from typing import Final

_MAX_CHARACTERS: Final = 40


def quoted(text: str) -> str:
    """Return the beginning of a text in quotation marks, escaped, as at most 42 characters."""
    shown = repr(text[:_MAX_CHARACTERS])
    longest = _MAX_CHARACTERS + len("''")
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
