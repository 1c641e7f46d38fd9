"""The contract in other forms, each written from the definitions and committed.

``make contract`` writes them again; a test fails while a committed one differs. This lies beside
the contract's package, not in it, because both Lambdas ship that.
"""

from collections.abc import Callable, Mapping
from typing import Final

from rendering import json_schema, markdown, typescript

RENDERINGS: Final[Mapping[str, Callable[[], str]]] = {
    "browser-sdk/src/contract.ts": typescript.render,
    "docs/contract.md": markdown.render,
    "docs/message.schema.json": json_schema.render,
}
"""Path in the repository -> what makes its text."""
