"""A tracking plan, parsed from its text, or the list of everything that is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast, get_args

from headwater_contract.columns import PROMOTED_PREFIX, ColumnType
from headwater_contract.quoting import listed
from headwater_documents.document import (
    DocumentError,
    Problems,
    Value,
    entries,
    known_entries,
    read,
)
from headwater_writer.tracking_plan.plan import (
    TYPES,
    OnMismatch,
    PlannedEvent,
    Property,
    TrackingPlan,
    TrackingPlanError,
)

MAX_COLUMNS: Final = 100
"""Every row of the table has all of them."""

MAX_COLUMN_NAME: Final = 63

_COLUMN: Final = re.compile(rf"{PROMOTED_PREFIX}[a-z0-9_]*[a-z0-9][a-z0-9_]*")
_WORD: Final = re.compile(r"(?:[A-Z]+(?![a-z])|[A-Z]?[a-z]+|(?=[0-9]))[0-9]*")
_ON_MISMATCH: Final = get_args(OnMismatch)
_BOOLEANS: Final = ("true", "false")


def parse(text: bytes) -> TrackingPlan:
    """Return the plan that a YAML text holds.

    Raises:
        TrackingPlanError: it is not a plan; the text lists all that is wrong, by line.
    """
    reading = _Reading()
    try:
        plan = reading.plan(read(text))
        reading.problems.raise_any()
    except DocumentError as error:
        raise TrackingPlanError(str(error)) from error
    return plan


def default_column(key: str) -> str | None:
    """Return the name of a key's column, or None if none can be derived from the key.

    The name is the key in snake case, after the prefix: ``prop_order_id`` for ``orderId``.
    """
    words = _WORD.findall(key) if key.isascii() else ()
    return PROMOTED_PREFIX + "_".join(words).lower() if words else None


class _First(NamedTuple):
    """The property that a column was first given to."""

    name: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads a plan to its end, whatever is wrong with it; what it returns then is meaningless."""

    problems: Problems = field(default_factory=Problems)
    columns: dict[str, _First] = field(default_factory=dict)

    def plan(self, document: Value) -> TrackingPlan:
        top = self._known(document, "the plan", ("version", "on_mismatch", "events"))
        self._require_version(document.line, top.get("version"))
        fallback = self._on_mismatch(top.get("on_mismatch"), "the plan", "keep")
        if "events" not in top:
            self.problems.add(document.line, "the plan has no events: name them below `events`")
            return TrackingPlan()
        events = entries(top["events"], "events", self.problems)
        return TrackingPlan({name: self._event(name, events[name], fallback) for name in events})

    def _event(self, name: str, value: Value, fallback: OnMismatch) -> PlannedEvent:
        event = self._known(value, name, ("properties", "on_mismatch"))
        on_mismatch = self._on_mismatch(event.get("on_mismatch"), name, fallback)
        if "properties" not in event:
            if not value.is_mapping:
                return PlannedEvent(())
            self.problems.add(value.line, f"{name} has no properties: name at least one")
            return PlannedEvent(())
        found = entries(event["properties"], f"{name}.properties", self.problems)
        held: dict[str, str] = {}
        properties = [self._property(name, key, value, held) for key, value in found.items()]
        return PlannedEvent(tuple(filter(None, properties)), on_mismatch)

    def _property(
        self, event: str, key: str, value: Value, held: dict[str, str]
    ) -> Property | None:
        """Read a property; ``held`` has the columns of those before it, and their keys."""
        name = f"{event}.{key}"
        described: Mapping[str, Value] = {"type": value}
        if value.text is None:
            described = self._known(value, name, ("type", "required", "column"))
            if not value.is_mapping:
                return None
        column_type = self._type(value.line, described.get("type"), name)
        column = self._column(value.line, described.get("column"), name, key)
        required = self._required(described.get("required"), name)
        if column_type is None or column is None:
            return None
        if column in held:
            self.problems.add(
                value.line,
                f"{name} has the column {column}, as {event}.{held[column]} has: "
                "give one of them another with `column`",
            )
        held.setdefault(column, key)
        self._require_one_type(value.line, name, column, column_type)
        return Property(key, column_type, column, required)

    def _require_one_type(self, line: int, name: str, column: str, column_type: ColumnType) -> None:
        first = self.columns.setdefault(column, _First(name, column_type))
        if first.type != column_type:
            self.problems.add(
                line,
                f"{name} is a {column_type}, and its column {column} is a {first.type} for "
                f"{first.name}: give it another with `column`",
            )
        if len(self.columns) == MAX_COLUMNS + 1 and first.name == name:
            self.problems.add(
                line, f"{name} is one column more than {MAX_COLUMNS}: leave some properties out"
            )

    def _require_version(self, line: int, version: Value | None) -> None:
        if version is None:
            self.problems.add(line, "the plan has no version: begin with `version: 1`")
        elif version.text != "1":
            self.problems.add(
                version.line, f"version is {version.shown}: this writer reads version 1"
            )

    def _type(self, line: int, value: Value | None, name: str) -> ColumnType | None:
        if value is None:
            self.problems.add(line, f"{name} has no type: give {listed(TYPES)}")
        elif value.text in TYPES:
            return ColumnType(value.text)
        else:
            self.problems.add(
                value.line, f"{name} has a type that is {value.shown}: give {listed(TYPES)}"
            )
        return None

    def _column(self, line: int, value: Value | None, name: str, key: str) -> str | None:
        column = default_column(key) if value is None else value.text
        if column is None and value is None:
            self.problems.add(
                line, f"no column name can be derived from {name}: give it one with `column`"
            )
        elif column is None or not _COLUMN.fullmatch(column) or len(column) > MAX_COLUMN_NAME:
            self.problems.add(
                value.line if value else line,
                f"the column of {name} is {value.shown if value else f'`{column}`'}: give "
                f"{PROMOTED_PREFIX} and lower-case letters, digits and underscores, at most "
                f"{MAX_COLUMN_NAME} characters",
            )
            return None
        return column

    def _required(self, value: Value | None, name: str) -> bool:
        if value is None:
            return False
        if value.text not in _BOOLEANS:
            self.problems.add(
                value.line, f"required of {name} is {value.shown}: give true or false"
            )
        return value.text == "true"

    def _on_mismatch(self, value: Value | None, name: str, fallback: OnMismatch) -> OnMismatch:
        if value is None:
            return fallback
        if value.text not in _ON_MISMATCH:
            self.problems.add(
                value.line, f"on_mismatch of {name} is {value.shown}: give {listed(_ON_MISMATCH)}"
            )
        return cast("OnMismatch", value.text)

    def _known(self, value: Value, name: str, keys: Sequence[str]) -> Mapping[str, Value]:
        return known_entries(value, name, keys, self.problems)
