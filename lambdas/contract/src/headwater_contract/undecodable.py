"""Messages that cannot be decoded: what msgspec raises, and the sentence that the client hears."""

import re
from typing import Final, TypeVar

import msgspec

from headwater_contract.depth import is_too_deep

Decoded = TypeVar("Decoded")

UNDECODABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for the texts that clients can send."""

_WRONG_TYPE = re.compile(r"Expected `([^`]+)`, got `(\w+)`(?: - at `\$\.(\w+)`)?")
_MISSING = re.compile(r"Object missing required field `(\w+)`")
_OTHER_VIOLATION = re.compile(r"(.+) - at `\$\.(\w+)")
_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)
_WANTED = {
    "str": "text",
    "int | str": "text or a whole number",
    "int | float | str": "text or a number",
    "object": "an object",
    "array": "a list",
}
_FOUND = {
    "bool": "true or false",
    "int": "a number",
    "float": "a number with a fraction",
    "str": "text",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_KINDS = {b"{": "object", b"[": "array", b'"': "str", b"t": "bool", b"f": "bool", b"n": "null"}


_TOO_DEEP: Final = "it is nested too deeply: send flatter objects"


class UndecodableMessageError(Exception):
    """A message that is not JSON, or whose fields have other types; its text says which and why."""


def decode_as(decoder: msgspec.json.Decoder[Decoded], text: bytes) -> Decoded:
    """Return what a decoder makes of a message, with the checks of ``decode_message``."""
    try:
        text.decode()
        decoded = decoder.decode(text)
    except UNDECODABLE as error:
        raise UndecodableMessageError(explain(error, text)) from error
    require_depth(text)
    return decoded


def require_depth(text: bytes) -> None:
    """Refuse a valid JSON text that nests deeper than any of the readers has to read.

    Raises:
        UndecodableMessageError: it does.
    """
    if is_too_deep(text):
        raise UndecodableMessageError(_TOO_DEEP)


def explain(error: Exception, text: bytes) -> str:
    """Return a sentence for the client about one of the ``UNDECODABLE`` errors."""
    match error:
        case msgspec.ValidationError():
            return _explain_type(str(error))
        case UnicodeDecodeError():
            return "it is not valid UTF-8: send JSON encoded as UTF-8"
        case RecursionError():
            return _TOO_DEEP
    if _LONE_SURROGATE.search(text):
        return "it has half of a surrogate pair (like \\ud800 alone): cut texts between characters"
    problem = str(error).removeprefix("JSON is malformed: ")
    if problem == "Input data was truncated":
        return "it is not valid JSON: it ends too early"
    return f"it is not valid JSON: {problem}; mind that JSON has no NaN and no Infinity"


def _explain_type(problem: str) -> str:
    if match := _WRONG_TYPE.match(problem):
        wanted, found, field = match.groups()
        wanted = wanted.removesuffix(" | null")
        return f"{field or 'it'} must be {_WANTED[wanted]}, and is {_FOUND[found]}"
    if match := _MISSING.match(problem):
        return f"{match[1]} is missing"
    if match := _OTHER_VIOLATION.match(problem):
        return f"{match[2]} cannot be read: {match[1].lower()}"
    return f"it is not what was expected: {problem}"


def json_kind(data: bytes) -> str:
    """Return in words what a JSON text is: an object, a list, a number, ..."""
    return _FOUND[_KINDS.get(data.lstrip()[:1], "int")]
