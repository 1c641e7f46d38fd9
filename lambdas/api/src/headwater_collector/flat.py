"""What the routes for flat bodies share: times as numbers, and fields that are not listed."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from headwater_contract.message import decode_members
from headwater_contract.times import format_time, parse_epoch

_EPOCH: Final = re.compile(r"\d{9,19}(?:\.\d{1,9})?", re.ASCII)


def iso_8601(timestamp: str | float | None) -> str | None:
    """Return a time as a message has it; a number, or a text of its digits, counts since 1970.

    Raises:
        ValueError: it is a number that names no instant.
    """
    if isinstance(timestamp, str):
        if not _EPOCH.fullmatch(timestamp):
            return timestamp
        timestamp = float(timestamp) if "." in timestamp else int(timestamp)
    return None if timestamp is None else format_time(parse_epoch(timestamp))


def rest(text: bytes, known: Collection[str]) -> dict[str, msgspec.Raw] | None:
    """Return a body's members that are not known, each as its JSON text; None for none."""
    return {key: value for key, value in decode_members(text).items() if key not in known} or None


def present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}
