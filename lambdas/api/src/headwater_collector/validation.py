"""Whether a message is accepted, and if not, why: as an entry of a stream record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import uuid_utils

from headwater_collector.parse import Body
from headwater_contract import rest_of_batch
from headwater_contract.accept import Refused, accept
from headwater_contract.envelope import Entry
from headwater_contract.limits import MAX_BATCH_MESSAGES


@dataclass(frozen=True, slots=True)
class Validation:
    """The entry that carries a message, and whom an accepted message is about.

    ``subject`` is the device, or the user if the device is not known. ``is_too_large`` says of a
    refused message that its size is why.
    """

    entry: Entry
    subject: str | None = None
    is_too_large: bool = False

    @property
    def refusal(self) -> str | None:
        """The sentence that says why the message is refused; None if it is accepted."""
        return self.entry.refusal


def refuse(text: bytes, reason: str) -> Validation:
    """Return the validation that sets a message aside, with the sentence that says why."""
    return Validation(Entry(text, refusal=reason))


def validate(text: bytes, message_type: str | None = None) -> Validation:
    """Validate a message; without ``message_type`` its own ``type`` counts."""
    verdict = accept(text, message_type)
    if isinstance(verdict, Refused):
        entry = Entry(text, message_type, refusal=verdict.reason)
        return Validation(entry, is_too_large=verdict.is_too_large)
    event_id = verdict.event_id or str(uuid_utils.uuid7())
    return Validation(Entry(text, verdict.message_type, event_id), verdict.subject)


def validate_all(body: Body, validate_one: Callable[[bytes], Validation]) -> list[Validation]:
    """Validate each message of a request."""
    if body.refusal:
        return [refuse(message, body.refusal) for message in body.messages]
    validations = [validate_one(message) for message in body.messages[:MAX_BATCH_MESSAGES]]
    if rest := body.messages[MAX_BATCH_MESSAGES:]:
        validations.append(_refuse_rest(rest))
    return validations


def _refuse_rest(messages: Sequence[bytes]) -> Validation:
    # As one entry, a JSON array: to validate a quarter million one by one would be a lever.
    return refuse(b"[%b]" % b",".join(messages), rest_of_batch.reason(len(messages)))
