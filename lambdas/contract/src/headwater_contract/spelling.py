"""Names that are those of required fields but for case and punctuation, such as ``user_id``."""

import re
from collections.abc import Sequence

import msgspec

from headwater_contract.message import decode_members
from headwater_contract.quoting import quoted


def hint(text: bytes, wanted: Sequence[str]) -> str:
    """Return the end of a refusal that names a misspelled field, or nothing if there is none.

    ``text`` is a JSON object, none of whose ``wanted`` fields has a value.
    """
    letters = {_letters(name): name for name in wanted}
    for name, raw in decode_members(text).items():
        meant = letters.get(_letters(name))
        if meant and name != meant and raw != msgspec.Raw(b"null"):
            return f" (there is {quoted(name)}: spell it {meant})"
    return ""


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
