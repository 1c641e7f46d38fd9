"""The messages of a batch beyond its limit: refused as one entry, a JSON array of them."""

import re
from typing import Final

from headwater_contract.limits import MAX_BATCH_MESSAGES

_REASON: Final = re.compile(r"\d+ messages from here on: a batch takes at most \d+")


def reason(count: int) -> str:
    """Return why ``count`` messages at the end of a batch are refused."""
    return f"{count} messages from here on: a batch takes at most {MAX_BATCH_MESSAGES}"


def is_rest_of_batch(refusal: str) -> bool:
    """Whether a refusal is of such an entry, whatever the limit was when it was refused."""
    return _REASON.fullmatch(refusal) is not None
