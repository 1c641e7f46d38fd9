"""How deep a JSON text may nest.

A bound of our own: what an interpreter can still decode depends on how deep its stack is already,
which differs between the collector, the writer and a replay.
"""

import re
from typing import Final

MAX_DEPTH: Final = 200
"""Objects and lists within each other; what people send has fewer than ten."""

_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)


def is_too_deep(text: bytes) -> bool:
    """Return whether a valid JSON text has more objects and lists within each other."""
    if text.count(b"{") + text.count(b"[") <= MAX_DEPTH:
        return False
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += (token[0] in b"[{") - (token[0] in b"]}")
        if depth > MAX_DEPTH:
            return True
    return False
