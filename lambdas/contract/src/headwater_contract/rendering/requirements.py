"""What a message of each type must carry, found out by asking ``messages.violation``.

The rules are code, so that each can answer with a sentence; the renderings need them as data.
Asking the code about every combination of the fields it looks at keeps it the only definition.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from headwater_contract.messages import MessageType, violation

FIELDS_IN_RULES: Final = {
    "anonymousId": "anonymous_id",
    "userId": "user_id",
    "event": "event",
    "groupId": "group_id",
    "previousId": "previous_id",
}
"""Name on the wire -> attribute of ``messages.Message``."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Fields that must all be there, and fields of which at least one must be."""

    always: tuple[str, ...]
    one_of: tuple[str, ...]


@dataclass(slots=True)
class _Probe:
    timestamp: str | None = None
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    event: str | None = None
    group_id: str | int | None = None
    previous_id: str | int | None = None


def requirement(message_type: MessageType) -> Requirement:
    """Return what a message of this type must carry.

    Raises:
        NotImplementedError: the rules have grown beyond "all of these, and one of those".
    """
    minimal = list(_minimal_combinations(message_type))
    always = frozenset.intersection(*minimal)
    one_of = frozenset.union(*minimal) - always
    if len(minimal) != len(one_of):
        raise NotImplementedError(f"no rendering says what {message_type} needs: {minimal}")
    return Requirement(_in_order(always), _in_order(one_of))


def _minimal_combinations(message_type: MessageType) -> Iterator[frozenset[str]]:
    found: list[frozenset[str]] = []
    for names in _all_combinations():
        if not any(smaller <= names for smaller in found) and _suffices(message_type, names):
            found.append(names)
            yield names


def _all_combinations() -> Iterator[frozenset[str]]:
    for size in range(len(FIELDS_IN_RULES) + 1):
        yield from map(frozenset, combinations(FIELDS_IN_RULES, size))


def _suffices(message_type: MessageType, names: frozenset[str]) -> bool:
    probe = _Probe(**{FIELDS_IN_RULES[name]: "x" for name in names})
    return violation(message_type, probe) is None


def _in_order(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in FIELDS_IN_RULES if name in names)
