"""The rules that refuse a message, each with the sentence that its client hears.

Required combinations follow Segment's public specification; where its own clients are looser than
the text, so is this.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from headwater_contract.client_times import happened_at
from headwater_contract.fields import MESSAGE_FIELDS, MESSAGE_TYPES
from headwater_contract.limits import MAX_MESSAGE_BYTES
from headwater_contract.message import Message, id_text, object_violation
from headwater_contract.quoting import quoted

CANNOT_BE_READ: Final = "the message cannot be read"

_OBJECTS: Final[Mapping[str, Sequence[str]]] = {
    message_type: [
        field.name
        for field in MESSAGE_FIELDS
        if field.kind == "object" and message_type in field.read_of
    ]
    for message_type in MESSAGE_TYPES
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """Fields of which a message needs at least one, and the sentence for one that has none."""

    one_of: tuple[str, ...]
    sentence: str


_SOMEBODY = Requirement(
    ("userId", "anonymousId"),
    "userId and anonymousId are both missing: send at least one of them",
)
_EVENT = Requirement(("event",), "event is missing: a track call needs the event's name")
_GROUP = Requirement(("groupId",), "groupId is missing: a group call needs it")
_NEW_ID = Requirement(("userId",), "userId is missing: an alias call needs the new id")
_OLD_ID = Requirement(
    ("previousId", "anonymousId"),
    "previousId is missing: an alias call needs the id that userId replaces",
)

REQUIREMENTS: Final[Mapping[str, Sequence[Requirement]]] = {
    "track": (_SOMEBODY, _EVENT),
    "page": (_SOMEBODY,),
    "screen": (_SOMEBODY,),
    "identify": (_SOMEBODY,),
    "group": (_SOMEBODY, _GROUP),
    "alias": (_SOMEBODY, _NEW_ID, _OLD_ID),
}
"""What a message of each type needs; the first that is not met refuses it."""


def violation(message_type: str, message: Message) -> str | None:
    """Return the sentence that says why a message is refused, or None if it is accepted."""
    if message_type not in REQUIREMENTS:
        return f"type {quoted(message_type)} is unknown: use one of {', '.join(MESSAGE_TYPES)}"
    if requirement := unmet(message_type, message):
        return requirement.sentence
    return _violation_of_objects(message_type, message) or _violation_of_time(message)


def unmet(message_type: str, message: Message) -> Requirement | None:
    """Return the first requirement of a message of a known type that it does not meet."""
    requirements = REQUIREMENTS.get(message_type, ())
    return next((each for each in requirements if not _is_met(each, message)), None)


def _is_met(requirement: Requirement, message: Message) -> bool:
    attributes = _attributes(requirement.one_of)
    return any(id_text(getattr(message, name)) is not None for name in attributes)


@cache
def _attributes(names: tuple[str, ...]) -> Sequence[str]:
    return [re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name) for name in names]


def size_violation(size: int) -> str | None:
    """Return why a message of ``size`` bytes of JSON is refused, or None if it is not."""
    if size <= MAX_MESSAGE_BYTES:
        return None
    return f"the message has {size} bytes: send at most {MAX_MESSAGE_BYTES}"


def _violation_of_objects(message_type: str, message: Message) -> str | None:
    for name in _OBJECTS[message_type]:
        if problem := object_violation(name, getattr(message, name)):
            return f"{CANNOT_BE_READ}: {problem}"
    return None


def _violation_of_time(message: Message) -> str | None:
    try:
        happened_at(message)
    except ValueError as error:
        return f"{error}: send one like 2026-01-31T13:37:00.000Z, or none"
    return None
