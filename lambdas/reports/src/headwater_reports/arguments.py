"""The arguments of a question, checked before an engine sees them. Pure."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from headwater_contract.fields import CHANNELS
from headwater_contract.quoting import listed
from headwater_reports.errors import QuestionError

MAX_DAYS: Final = 3660
"""Ten years: a day has a row in most answers, and Trino's ``sequence`` makes at most 10,000."""

MAX_STEPS: Final = 8
"""As many as ``funnel.sql`` has."""

MAX_CONDITIONS: Final = 20
"""Of a segment: each is tried on every event."""

SEGMENT_COLUMNS: Final = (
    *("event_type", "app_id", "browser", "os", "device_type", "country", "city", "locale"),
    *("timezone", "host", "path", "referrer_host", "utm_source", "utm_medium", "utm_campaign"),
    *("channel", "library", "consent", "group_id"),
)
"""What a segment's condition can be about beside properties and traits: the columns of
``expressions/in_segment.sql``."""

USUAL_DAYS: Final = 30


@dataclass(frozen=True)
class Parameter:
    """What can be given to a question; without a ``default`` (None) it must be."""

    default: str | None
    meaning: str


COMMON: Final[Mapping[str, Parameter]] = {
    "start": Parameter(None, "the first day, such as 2026-01-31"),
    "end": Parameter(None, "the last day, included"),
    "app": Parameter("", "an app_id; '' is all"),
    "time_zone": Parameter("UTC", "the time zone of the days, such as Europe/Berlin"),
    "bots": Parameter("exclude", "exclude, include or only"),
    "segment": Parameter("", "conditions, one a line, such as country=DE; '' is all"),
}

_CHOSEN: Final = frozenset({"bots", "column", "mode", "model", "period", "week_start"})
"""Parameters whose meaning lists what can be chosen."""


def usual_range(now: datetime, given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the ``start`` and ``end`` of what is asked about if nobody says: the last 30 days.

    They end on the given ``end``, or on the day that it is ``now`` (aware) in the given
    ``time_zone``. A value that is not a day or a zone is ignored: ``checked`` refuses it.
    """
    end = _day(given.get("end", "")) or now.astimezone(_zone(given.get("time_zone", ""))).date()
    start = date.fromordinal(max(end.toordinal() - USUAL_DAYS + 1, 1))
    return {"start": str(start), "end": str(end)}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _zone(name: str) -> tzinfo:
    return ZoneInfo(name) if name in available_timezones() else UTC


def choices(name: str, parameter: Parameter) -> list[str]:
    """Return what a parameter of that name can be, or nothing if it is not a choice."""
    return re.split(", | or ", parameter.meaning) if name in _CHOSEN else []


def checked(
    name: str, parameters: Mapping[str, Parameter], given: Mapping[str, str]
) -> Mapping[str, str]:
    """Return a value for each parameter of the question ``name``.

    Raises:
        QuestionError: one is missing, unknown, or cannot be what it is meant to be.
    """
    if unknown := given.keys() - parameters.keys():
        raise QuestionError(
            f"`{name}` takes no {listed(sorted(unknown))}: it takes {', '.join(parameters)}."
        )
    defaults = {key: each.default for key, each in parameters.items() if each.default is not None}
    values = {**defaults, **given}
    if missing := [key for key in parameters if key not in values]:
        meanings = "; ".join(f"{key}: {parameters[key].meaning}" for key in missing)
        raise QuestionError(f"`{name}` needs {', '.join(missing)} ({meanings}).")
    for key, value in values.items():
        _CHECKS.get(key, _accept)(key, value)
    _check_choices(values, parameters)
    if "start" in values:
        _check_range(date.fromisoformat(values["start"]), date.fromisoformat(values["end"]))
    return values


def _accept(_key: str, value: str) -> None:
    if "\0" in value:
        raise QuestionError("A text with a NUL character matches nothing: leave it out.")


def _check_day(key: str, value: str) -> None:
    try:
        parsed = date.fromisoformat(value)
    except ValueError:
        raise QuestionError(f"{key} is `{value}`: write a day as 2026-01-31.") from None
    if parsed.isoformat() != value:
        raise QuestionError(f"{key} is `{value}`: write it as {parsed.isoformat()}.")


def _check_zone(_key: str, value: str) -> None:
    if value not in available_timezones():
        raise QuestionError(
            f"There is no time zone `{value}`: write an IANA name, such as Europe/Berlin or UTC."
        )


def _check_whole(key: str, value: str) -> None:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", value):
        raise QuestionError(f"{key} is `{value}`: write a whole number from 1 to 9999.")


def _check_steps(_key: str, value: str) -> None:
    hint = """write them as JSON, such as '["page_view", "order_paid"]'"""
    try:
        steps = json.loads(value)
    except ValueError:
        raise QuestionError(f"steps is `{value}`: {hint}.") from None
    if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
        raise QuestionError(f"steps must be a list of event names: {hint}.")
    if not 1 <= len(steps) <= MAX_STEPS:
        raise QuestionError(f"A funnel has 1 to {MAX_STEPS} steps, and these are {len(steps)}.")


def _check_path(key: str, value: str) -> None:
    if not _JSON_PATH.fullmatch(value):
        raise QuestionError(
            f'{key} is `{value}`: write a JSON path, such as $.plan or $["delivery type"].'
        )


def _check_segment(_key: str, value: str) -> None:
    _accept(_key, value)
    conditions = list(filter(None, value.split("\n")))
    if len(conditions) > MAX_CONDITIONS:
        raise QuestionError(
            f"A segment has at most {MAX_CONDITIONS} conditions, and these are {len(conditions)}."
        )
    for condition in conditions:
        _check_condition(condition)


def _check_condition(condition: str) -> None:
    found = _CONDITION.fullmatch(condition)
    if not found or (found["no"] and found["compared"]):
        raise QuestionError(
            f"The segment has the line `{condition}`: write name=value, name!=value, name (if "
            "there is a value) or !name (if there is none)."
        )
    if not _LOOKED_AT.fullmatch(found["name"]):
        raise QuestionError(
            f"A segment cannot look at `{found['name']}`: choose {listed(SEGMENT_COLUMNS)}, a "
            'property of the event, such as properties.plan or properties["delivery type"], or a '
            "trait of the user, such as traits.plan; without spaces around."
        )
    if found["name"] == "channel" and found["compared"]:
        _check_channel(found["compared"].partition("=")[2])


def _check_channel(value: str) -> None:
    if value not in CHANNELS:
        raise QuestionError(
            f"The column channel has no `{value}`: it is how an event was sent, "
            f"{listed(CHANNELS)}. The marketing channel belongs to a session: ask `channels`."
        )


_STEPS_DOWN: Final = r"""(\.[A-Za-z_][A-Za-z0-9_]*|\["[^"\\\0]+"\]|\[[0-9]+\])+"""
_JSON_PATH: Final = re.compile(rf"\${_STEPS_DOWN}")
_LOOKED_AT: Final = re.compile(rf"{'|'.join(SEGMENT_COLUMNS)}|(properties|traits){_STEPS_DOWN}")
_CONDITION: Final = re.compile(
    r"""(?P<no>!?)(?P<name>("[^"]*"|[^"=!])+)(?P<compared>!?=[^\r\n]*)?"""
)

_CHECKS: Final[Mapping[str, Callable[[str, str], None]]] = {
    "start": _check_day,
    "end": _check_day,
    "time_zone": _check_zone,
    "window_hours": _check_whole,
    "within_days": _check_whole,
    "steps": _check_steps,
    "property": _check_path,
    "value": _check_path,
    "segment": _check_segment,
}


def _check_choices(values: Mapping[str, str], parameters: Mapping[str, Parameter]) -> None:
    for key in values.keys() & _CHOSEN:
        possible = choices(key, parameters[key])
        if values[key] not in possible:
            raise QuestionError(f"{key} is `{values[key]}`: choose {listed(possible)}.")


def _check_range(first: date, last: date) -> None:
    if first > last:
        raise QuestionError(f"The range ends before it begins: {first} is after {last}.")
    if (last - first).days >= MAX_DAYS:
        raise QuestionError(f"The range is longer than {MAX_DAYS} days: ask for less at a time.")
