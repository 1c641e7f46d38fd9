"""A property's value, converted to its column's type: exactly, or not at all.

JSON has one kind of number, so 3.0 is a whole number, as JSON Schema has it, as far as a double
tells whole numbers apart. Nothing else is converted: the text "42" is not a number.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from headwater_contract.columns import ColumnType
from headwater_contract.message import whole
from headwater_contract.times import parse_time

_LONG: Final = range(-(2**63), 2**63)


def typed(value: object, column_type: ColumnType) -> Any:  # noqa: ANN401 -- what the type says
    """Return a decoded JSON value as a column of the type has it, or None if it does not match."""
    return _READERS[column_type](value)


def described(value: object, column_type: ColumnType) -> str:
    """Return the type of a value that does not match, without the value itself."""
    kind = _kind(value)
    return f"{kind} that does not fit" if kind == _KINDS[column_type] else kind


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _long(value: object) -> int | None:
    if isinstance(value, float):
        return whole(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if value in _LONG else None


def _double(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _timestamp(value: object) -> datetime | None:
    try:
        return parse_time(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"


_READERS: Final[Mapping[ColumnType, Callable[[object], Any]]] = {
    ColumnType.STRING: _string,
    ColumnType.LONG: _long,
    ColumnType.DOUBLE: _double,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.TIMESTAMP: _timestamp,
}
_KINDS: Final[Mapping[ColumnType, str]] = {
    ColumnType.STRING: "a string",
    ColumnType.LONG: "a number",
    ColumnType.DOUBLE: "a number",
    ColumnType.BOOLEAN: "a boolean",
    ColumnType.TIMESTAMP: "a string",
}
"""The JSON that a type is read from."""
