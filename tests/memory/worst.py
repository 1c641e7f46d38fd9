"""The worst candidates that searches have found, each of its kind."""

from collections.abc import Mapping
from typing import Final

from memory.candidate import Candidate

WORST: Final[Mapping[str, Candidate]] = {
    "a text of one emoji in three columns": Candidate(
        kind="alias", text_bytes=3_000, script="one emoji", places=("search",)
    ),
    "tiny messages": Candidate(kind="identify"),
}
"""By what is bad about them."""
