"""What a message of each type must carry, as the renderings say it."""

from collections.abc import Sequence

from headwater_contract.fields import MessageType
from headwater_contract.rules import REQUIREMENTS


def needed_fields(message_type: MessageType) -> list[Sequence[str]]:
    """Return groups of fields: a message of this type needs at least one field of each.

    A group that another implies is left out: who needs ``userId`` need not be told of ``userId`` or
    ``anonymousId``.
    """
    groups = [requirement.one_of for requirement in REQUIREMENTS[message_type]]
    return [group for group in groups if not any(set(other) < set(group) for other in groups)]
