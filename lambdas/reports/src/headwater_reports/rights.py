"""Which apps somebody may ask about, by a claim of the token that the provider gave."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from headwater_contract.quoting import listed
from headwater_reports.answer import Answer, Ask, Running
from headwater_reports.errors import ForbiddenError

ALL: Final = "*"
"""In place of an app: all of them, also at once."""


@dataclass(frozen=True)
class Rights:
    """The apps of each value that a claim can have, such as the name of a group."""

    claim: str
    apps: Mapping[str, Sequence[str]]

    def limited(self, ask: Ask, claims: Mapping[str, Any]) -> Ask:
        """Return what asks for the one whose claims these are, about no app but theirs.

        It raises ForbiddenError before anything is asked.
        """
        held = {
            app for value in _values(claims.get(self.claim)) for app in self.apps.get(value, ())
        }

        def ask_of_theirs(name: str, arguments: Mapping[str, str], limit: int) -> Answer | Running:
            if ALL not in held and arguments.get("app", "") not in held:
                raise ForbiddenError(self._sentence(sorted(held)))
            return ask(name, arguments, limit)

        return ask_of_theirs

    def _sentence(self, held: Sequence[str]) -> str:
        if held:
            return f"You may see answers about one app at a time: choose {listed(held)} as the app."
        return (
            f"You may not see answers about any app: no value of your token's claim `{self.claim}` "
            "has rights here. Ask whoever runs these reports."
        )


def claims_of(authorization: str) -> Mapping[str, Any]:
    """Return the claims of a token that an authorizer has verified, as the provider wrote them.

    API Gateway hands a list on as one text, whose parts cannot be told apart if one has a space. It
    joins headers that are sent twice by a comma, and nobody knows which of them was verified: such
    a header has no claims.
    """
    if "," in authorization or authorization.count(".") != 2:
        return {}
    payload = authorization.removeprefix("Bearer ").split(".")[1]
    claims: Mapping[str, Any] = json.loads(
        base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    )
    return claims


def _values(claim: object) -> Sequence[str]:
    """Return what a claim says, once or as a list; anything else says nothing."""
    if isinstance(claim, str):
        return [claim]
    return [each for each in claim if isinstance(each, str)] if isinstance(claim, list) else []
