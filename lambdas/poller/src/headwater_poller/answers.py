"""What an API answered: its JSON, and what its headers say."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn

from headwater_contract.quoting import quoted
from headwater_poller.config import Expression
from headwater_poller.errors import AnswerError

_LINK: Final = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)')
_RELATION: Final = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """A parsed answer; ``headers`` have lower-case names."""

    document: Any
    headers: Mapping[str, str]

    def records(self, path: Expression) -> list[Any]:
        """Return the records.

        Raises:
            AnswerError: there is no list of records at that path.
        """
        try:
            found = path.search(self.document)
        except ValueError as error:
            raise AnswerError(f"the records cannot be found: {error}") from error
        if not isinstance(found, list):
            raise AnswerError(
                f"there is no list of records at `{path.text}` in the answer: correct `records`"
            )
        return found

    @property
    def date(self) -> datetime | None:
        """The time by the API's own clock, if it says it."""
        return parse_date(self.headers.get("date"))

    @property
    def next_link(self) -> str | None:
        """The URL in the header ``Link`` that has the relation ``next`` (RFC 8288, 3)."""
        for url, parameters in _LINK.findall(self.headers.get("link", "")):
            for quoted_text, token in _RELATION.findall(parameters):
                if "next" in (quoted_text or token).lower().split():
                    return str(url)
        return None


def parse_json(text: bytes, content_type: str) -> Any:  # noqa: ANN401 -- whatever an API answers
    """Return the JSON document in an answer.

    Raises:
        AnswerError: it is not one.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        begins = quoted(text[:40].decode(errors="replace"))
        raise AnswerError(
            f"the answer is not JSON but {content_type[:60] or 'of no type'}, and begins with "
            f"{begins}: check `url` and `auth`"
        ) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"JSON has no {name}")


def parse_date(text: str | None) -> datetime | None:
    """Return the time of an HTTP date; None if it is not one."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        return None
