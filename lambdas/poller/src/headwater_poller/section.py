"""A mapping of the config, and its values as what they must be; each failure is a problem.

What is returned for a value that is wrong is meaningless: the problem keeps it from being used.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from headwater_contract.quoting import listed
from headwater_contract.times import parse_time
from headwater_documents.document import Problems, Value, entries, known_entries
from headwater_poller.config import Expression, Reference

_DURATION: Final = re.compile(r"(\d{1,6})([smhd])", re.ASCII)
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_NUMBER: Final = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)
_ANYTHING: Final = Expression.of("@")
_ANY_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping that is called ``name`` in sentences."""

    name: str
    line: int
    values: Mapping[str, Value]
    problems: Problems

    @classmethod
    def of(cls, value: Value, name: str, keys: Sequence[str], problems: Problems) -> "Section":
        """Return a mapping that may have these keys; any other is a problem."""
        if not keys:
            return cls(name, value.line, {}, problems)
        return cls(name, value.line, known_entries(value, name, keys, problems), problems)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def complain(self, key: str, sentence: str) -> None:
        """Note a problem in the line of a key, or of the section if it lacks the key."""
        self.problems.add(self.values[key].line if key in self.values else self.line, sentence)

    def text(self, key: str, example: str) -> str:
        """Return a text that must be there; ``example`` says what it looks like."""
        value = self.values.get(key)
        if value is None:
            self.complain(key, f"{self.name} has no {key}: give one like `{example}`")
        elif not value.text:
            self.complain(key, self._wrong(key, f"one like `{example}`"))
        return (value.text or "") if value else ""

    def optional(self, key: str, example: str) -> str | None:
        """Return a text that may be absent."""
        return self.text(key, example) if key in self else None

    def choice(self, key: str, of: Sequence[str], fallback: str) -> str:
        """Return one of several words."""
        if key not in self:
            return fallback
        word = self.values[key].text
        if word is not None and word in of:
            return word
        self.complain(key, self._wrong(key, listed(of)))
        return fallback

    def expression(self, key: str, example: str) -> Expression:
        """Return a JMESPath expression that must be there."""
        return self.parse_expression(key, self.text(key, example))

    def parse_expression(self, key: str, text: str) -> Expression:
        """Return the expression that a text is, which stands below a key."""
        try:
            return Expression.of(text) if text else _ANYTHING
        except ValueError as error:
            self.complain(key, f"{self.name}.{key} is not a JMESPath expression: {error}")
            return _ANYTHING

    def duration(self, key: str, fallback: timedelta) -> timedelta:
        """Return a duration like ``90s``."""
        if key not in self:
            return fallback
        found = _DURATION.fullmatch(self.values[key].text or "")
        if not found:
            self.complain(key, self._wrong(key, "a duration like 90s, 10m, 6h or 1d"))
            return fallback
        return timedelta(**{_UNITS[found[2]]: int(found[1])})

    def number(self, key: str, fallback: float, least: float, most: float) -> float:
        """Return a number within bounds."""
        if key not in self:
            return fallback
        text = self.values[key].text or ""
        if not _NUMBER.fullmatch(text) or not least <= float(text) <= most:
            self.complain(key, self._wrong(key, f"a number from {least:,g} to {most:,g}"))
            return fallback
        return float(text)

    def whole(self, key: str, fallback: int, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        number = self.number(key, fallback, least, most)
        if number != int(number):
            self.complain(key, self._wrong(key, f"a whole number from {least:,} to {most:,}"))
        return int(number)

    def flag(self, key: str) -> bool:
        """Return whether something is true, which it is not if it is absent."""
        return self.choice(key, ("true", "false"), "false") == "true"

    def time(self, key: str) -> datetime:
        """Return a time that must be there, in whole seconds."""
        text = self.text(key, "2026-01-31T00:00:00Z")
        try:
            return parse_time(text).replace(microsecond=0) if text else _ANY_TIME
        except ValueError as error:
            self.complain(key, f"{self.name}.{key}: {error}")
            return _ANY_TIME

    def texts(self, key: str) -> Mapping[str, str]:
        """Return a mapping of texts, whatever its keys are; empty if it is absent."""
        if key not in self:
            return {}
        inner = Section.anything(self.values[key], f"{self.name}.{key}", self.problems)
        return {name: inner.text(name, "text") for name in inner.values}

    @classmethod
    def anything(cls, value: Value, name: str, problems: Problems) -> "Section":
        """Return a mapping that may have any keys."""
        return cls(name, value.line, entries(value, name, problems), problems)

    def words(self, key: str) -> frozenset[str]:
        """Return a list of texts; empty if it is absent."""
        if key not in self:
            return frozenset()
        items = self.values[key].items
        texts = [item.text for item in items or ()]
        if not texts or not all(texts):
            self.complain(key, self._wrong(key, "a list of texts like [page_view, click]"))
        return frozenset(filter(None, texts))

    def reference(self, key: str) -> Reference:
        """Return where a secret is, which must be said: a secret itself is a problem."""
        name = f"{self.name}.{key}"
        remedy = "refer to it, with {env: NAME} or {secret: NAME, key: KEY}"
        if key not in self:
            self.complain(key, f"{self.name} has no {key}: {remedy}")
            return Reference()
        if not self.values[key].is_mapping:
            # What it is instead is not quoted: it is probably the secret.
            self.complain(key, f"{name} is not a reference: secrets do not belong here, {remedy}")
            return Reference()
        inner = Section.of(self.values[key], name, ("env", "secret", "key"), self.problems)
        if ("env" in inner) == ("secret" in inner) or ("env" in inner and "key" in inner):
            self.complain(key, f"{name} does not name exactly one place: {remedy}")
        return Reference(
            inner.optional("env", "API_TOKEN"),
            inner.optional("secret", "weblogs/api"),
            inner.optional("key", "token"),
        )

    def _wrong(self, key: str, remedy: str) -> str:
        return f"{self.name}.{key} is {self.values[key].shown}: give {remedy}"
