"""The messages of a batch that is not valid JSON as a whole.

A message that no parser accepts must not take the good ones around it along. This only finds where
each one begins and ends; each is validated alone. It looks at brackets,
commas and quotes from left to right, without recursion, so that no nesting is too deep for it.
"""

import re
from collections.abc import Iterator
from typing import Final

_BATCH: Final = rb'"batch"\s*+:\s*+\['
_STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN: Final = re.compile(_BATCH + rb"|" + _STRING + rb'|["\[\]{},]', re.DOTALL)
_BRACKET: Final = re.compile(rb"[\[\]{},]")
_TEXT_FIELD: Final = re.compile(rb'"(\w++)"\s*+:\s*+("[^"\\]*+")')


def split_batch(text: bytes) -> tuple[list[bytes], bytes] | None:
    """Return the messages of ``{"batch": [...]}``, and the text around with its batch emptied.

    None where no such array begins in the outermost object. The text around is valid JSON if, and
    only if, what is broken is within the messages.
    """
    start = _start_of_batch(text)
    if start is None:
        return None
    spans = list(_spans(text, start))
    messages = [text[begin:end].strip() for begin, end in spans]
    around = text[:start] + text[spans[-1][1] :]
    return [message for message in messages if message], around


def text_fields(text: bytes) -> dict[bytes, bytes]:
    """Return what looks like a key with a plain string, as JSON text, at whatever depth."""
    return dict(_TEXT_FIELD.findall(text))


def _start_of_batch(text: bytes) -> int | None:
    """Return the position behind the bracket that opens the batch."""
    depth = 0
    for token in _tokens(text, 0):
        if depth == 1 and token[0].startswith(b'"') and token[0].endswith(b"["):
            return token.end()
        depth += _step(token[0])
    return None


def _spans(text: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Yield where each element of an array is, up to the array's end or else the text's."""
    depth, begin = 0, start
    for token in _tokens(text, start):
        if depth == 0 and token[0] == b"]":
            yield begin, token.start()
            return
        if depth == 0 and token[0] == b",":
            yield begin, token.start()
            begin = token.end()
        depth = max(0, depth + _step(token[0]))
    yield begin, len(text)


def _tokens(text: bytes, start: int) -> Iterator[re.Match[bytes]]:
    for token in _TOKEN.finditer(text, start):
        yield token
        if token[0] == b'"':
            # This string is never closed, so neither is one that begins at an escaped quote in it.
            # To look for the end of each would take a time that grows with the square of the text.
            yield from _BRACKET.finditer(text, token.end())
            return


def _step(token: bytes) -> int:
    """Return by how much a token changes the depth."""
    return (token[-1:] in b"[{") - (token in b"]}")
