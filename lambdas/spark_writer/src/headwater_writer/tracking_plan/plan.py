"""A tracking plan: the events it names, and the columns that their properties become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from headwater_contract.columns import Column, ColumnType, Table
from headwater_contract.tables import EVENTS, TABLES

OnMismatch = Literal["keep", "fail"]
"""If a property of an event has another type: keep the event, with null, or fail it."""

TYPES: Final = (
    ColumnType.STRING,
    ColumnType.LONG,
    ColumnType.DOUBLE,
    ColumnType.BOOLEAN,
    ColumnType.TIMESTAMP,
)
"""The types that a property may have."""

_MAX_MEANING: Final = 255
"""Bytes of a column's comment that Glue takes."""


class TrackingPlanError(ValueError):
    """A plan that cannot be used; the text has a line for each problem."""


@dataclass(frozen=True, slots=True)
class Property:
    """A key of an event's properties, and the column that holds its value."""

    key: str
    type: ColumnType
    column: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """The plan of one event; no two of its properties have the same column."""

    properties: Sequence[Property]
    on_mismatch: OnMismatch = "keep"


@dataclass(frozen=True)
class TrackingPlan:
    """The plan of each event, by its ``event_type``.

    A column that several events share has one type.
    """

    events: Mapping[str, PlannedEvent] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in the plan's order."""
        sources: dict[tuple[str, ColumnType], list[str]] = {}
        for name, event in self.events.items():
            for each in event.properties:
                sources.setdefault((each.column, each.type), []).append(f"{each.key} of {name}")
        return tuple(
            Column(
                column,
                column_type,
                "`properties`",
                _as_comment(", ".join(found)),
                promoted=True,
            )
            for (column, column_type), found in sources.items()
        )

    def tables(self) -> Sequence[Table]:
        """Return the contract's tables, ``events`` with the plan's columns as its last."""
        if not self.columns:
            return TABLES
        planned = replace(EVENTS, columns=(*EVENTS.columns, *self.columns))
        return tuple(planned if table is EVENTS else table for table in TABLES)


def _as_comment(text: str) -> str:
    return text.encode()[:_MAX_MEANING].decode(errors="ignore")


NO_PLAN: Final = TrackingPlan()
