"""Whether a message is accepted: the one judgement, which collector, writer and replay share."""

from typing import TypeAlias

import msgspec

from headwater_contract import spelling
from headwater_contract.message import Message, decode_message, id_text
from headwater_contract.rules import CANNOT_BE_READ, size_violation, unmet, violation
from headwater_contract.undecodable import UndecodableMessageError


class Accepted(msgspec.Struct, frozen=True, gc=False):
    """A message that is accepted, and the type that counts: its route's, or else its own."""

    message_type: str
    message: Message

    @property
    def event_id(self) -> str | None:
        """The client's id of the message; None if it gave none."""
        return id_text(self.message.message_id)

    @property
    def subject(self) -> str | None:
        """Whom the message is about: the device, or the user if the device is not known."""
        return id_text(self.message.anonymous_id) or id_text(self.message.user_id)


class Refused(msgspec.Struct, frozen=True, gc=False):
    """Why a message is refused, as a sentence for its client.

    ``is_too_large`` says that its size is why.
    """

    reason: str
    is_too_large: bool = False


Verdict: TypeAlias = Accepted | Refused


def accept(text: bytes, message_type: str | None = None) -> Verdict:
    """Judge a message, given as JSON text; without ``message_type`` its own ``type`` counts."""
    if reason := size_violation(len(text)):
        return Refused(reason, is_too_large=True)
    try:
        message = decode_message(text, message_type)
    except UndecodableMessageError as error:
        return Refused(f"{CANNOT_BE_READ}: {error}")
    message_type = message_type or message.type or ""
    if reason := violation(message_type, message):
        requirement = unmet(message_type, message)
        return Refused(reason + (spelling.hint(text, requirement.one_of) if requirement else ""))
    return Accepted(message_type, message)
