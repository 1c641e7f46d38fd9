"""Questions with arguments, and how the answers of an engine and of plain Python are compared."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from unit.queries.reference import Asked, Reference

Answer = Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Case:
    """A question and the arguments that are its own."""

    name: str
    own: Mapping[str, str]

    def __str__(self) -> str:
        return "-".join((self.name, *self.own.values()))

    def arguments(self, asked: Asked) -> Mapping[str, str]:
        if self.name == "audit":
            return {}
        common = {"start": str(asked.start), "end": str(asked.end), "app": asked.app}
        about = {"time_zone": asked.time_zone, "bots": asked.bots, "segment": asked.segment}
        return {**common, **about, **self.own}

    def expected(self, reference: Reference, asked: Asked) -> Answer:
        if self.name == "audit":
            return reference.audit()
        answer: Answer = getattr(reference, self.name)(asked, **self.own)
        return answer


def _cases() -> tuple[Case, ...]:
    weeks = [{"period": "week", "week_start": start} for start in ("monday", "sunday")]
    periods = [{"period": "day"}, *weeks, {"period": "month"}]
    return (
        *(Case(name, {}) for name in PLAIN),
        *(Case("active_users", period) for period in periods),
        *(Case("new_and_returning", period) for period in periods),
        *(Case("attribution", {"event": "order_paid", "model": m}) for m in ("first", "last")),
        Case("attribution", {"event": "order_paid", "within_days": "2"}),
        Case("conversions", {"event": "order_paid"}),
        Case("breakdown_by_property", {"event": "", "property": '$["delivery type"]'}),
        Case("breakdown_by_property", {"event": "order_paid", "property": "$.total"}),
        Case("breakdown_by_column", {}),
        Case("breakdown_by_column", {"event": "page_view", "column": "consent"}),
        *(Case("funnel", {"steps": steps}) for steps in FUNNELS),
        Case("funnel", {"steps": FUNNELS[1], "window_hours": "2"}),
        *(
            Case("retention", {**period, "mode": mode})
            for period in ({"period": "day"}, *weeks)
            for mode in ("first", "recurring", "rolling")
        ),
        Case("retention", {"event": "order_paid"}),
        Case("paths_from_page", {"page": "/a"}),
        Case("paths_to_page", {"page": "/a"}),
        Case("user_timeline", {"user": "u-1"}),
    )


PLAIN: Final = (
    "stickiness", "sessions_by_day", "entry_pages", "exit_pages", "engagement", "loyalty",
    "page_views_by_day", "top_pages", "link_clicks", "referrers", "channels", "campaigns",
    "web_vitals", "consent", "bots", "data_quality", "failed_records", "freshness",
    "latest_events", "audit",
)  # fmt: skip
"""Those that take the common parameters alone."""

SEGMENTS: Final = (
    "",
    "device_type=mobile",
    "device_type!=mobile",
    "device_type",
    "!device_type",
    "utm_campaign=spring\nutm_source!=News",
    "path=/a\n!referrer_host",
    "properties.plan=pro",
    "properties.plan!=pro",
    "properties.plan=",
    "properties.plan",
    "!properties.plan",
    "properties.plan=7",
    "properties.plan=true",
    'properties["delivery type"]=x',
    'properties["a=b!"][0].c!=4',
    'properties.plan=it\'s; "ünï" ✓ -- != a=b :start',
    "traits.plan=pro",
    "traits.plan!=pro\ndevice_type",
    "!traits.plan",
    'traits["the team"]\ntraits.plan=7',
)
"""Conditions of each kind, and of values that are hard: absent, null, empty, number or list."""

FUNNELS: Final = ('["a", "b", "order_paid"]', '["a", "b", "a"]', '["a", "a", "a"]', '["a"]')
CASES: Final = _cases()


def same(one: Answer, other: Answer, *, ordered: bool = False) -> None:
    """Assert that two answers have the same rows; numbers may differ by rounding."""
    left, right = ([tuple(map(plain, row)) for row in rows] for rows in (one, other))
    if not ordered:
        left, right = sorted(left, key=repr), sorted(right, key=repr)
    assert len(left) == len(right), f"{left} is not {right}"
    for row, counterpart in zip(left, right, strict=True):
        assert all(map(close, row, counterpart)), f"{row} is not {counterpart}"


def redefined(sql: str, said: str, other: str) -> str:
    """Return SQL that says something else."""
    assert said in sql, f"The SQL no longer says `{said}`: write here what it says instead."
    return sql.replace(said, other)


def plain(value: object) -> object:
    """Return a value as both engines and Python can have it."""
    match value:
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S.%f}"
        case date():
            return value.isoformat()
        case bool() | None:
            return value
        case int() | float():
            return float(value)
        case _:
            return str(value)


def close(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other
