r"""Parts of a sentence for a client: what it sent, quoted, and what it may send, listed.

Sentences go into answers and tables, so none may be made long from outside: Python writes a
character that cannot be shown as ten (``\U000e0001``), and the quotation is cut after that.
"""

from collections.abc import Sequence
from typing import Final

_MAX_CHARACTERS: Final = 40


def quoted(text: str) -> str:
    """Return the beginning of a text in quotation marks, escaped, as at most 42 characters."""
    shown = repr(text[:_MAX_CHARACTERS])
    longest = _MAX_CHARACTERS + len("''")
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def listed(values: Sequence[str]) -> str:
    """Return values, at least one, as prose: ``a, b or c``."""
    *others, last = values
    return f"{', '.join(others)} or {last}" if others else last
