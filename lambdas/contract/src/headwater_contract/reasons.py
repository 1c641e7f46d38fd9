"""Reasons why messages fail, fit to be counted and logged: without what they quote."""

import re
from typing import Final

_MAX: Final = 200
_QUOTED: Final = re.compile(r"""(?<!\w)b?(['"])(?:\\.|(?!\1).)*(?:\1|$)""", re.DOTALL)
_NUMBER: Final = re.compile(r"\d+")


def without_quotes(reason: str) -> str:
    """Return a reason without what it quotes of a message: that may be anybody's data."""
    return _QUOTED.sub("…", reason)[:_MAX]


def kind(reason: str) -> str:
    """Return what reasons have in common that differ in a quotation or a number.

    There are as many as there are sentences in the code, whatever clients send.
    """
    return _NUMBER.sub("0", without_quotes(reason))
