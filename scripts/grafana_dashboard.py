"""Writes the Grafana dashboard of the query pack: a panel for each question that needs no person.

Run `python scripts/grafana_dashboard.py` to write it, with `--check` to fail if it is out of date.
The SQL is the pack's, with Grafana's variables in place of its parameters. It interpolates them as
text: `sqlstring` makes each a literal ("Advanced variable format options", Grafana documentation).
"""

# ruff: noqa: INP001 -- a script, in no package

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from headwater_local.questions import pack
from headwater_local.questions.pack import PackQuestion
from headwater_reports.questions import literal

DASHBOARD: Final = Path(__file__).parents[1] / "docs" / "grafana" / "headwater.json"

PANELS: Final = (
    *("active_users", "sessions_by_day", "page_views_by_day", "engagement"),
    *("new_and_returning", "stickiness", "channels", "referrers", "campaigns", "top_pages"),
    *("entry_pages", "exit_pages", "link_clicks", "web_vitals", "funnel", "retention"),
    *("conversions", "attribution", "loyalty", "consent", "bots", "data_quality"),
    *("failed_records", "freshness"),
)

ARGUMENTS: Final[Mapping[str, str]] = {
    "start": "'${__from:date:YYYY-MM-DD}'",
    "end": "'${__to:date:YYYY-MM-DD}'",
    "app": "${app:sqlstring}",
    "time_zone": "${time_zone:sqlstring}",
    "bots": "${bots:sqlstring}",
    "segment": "${segment:sqlstring}",
    "event": "${event:sqlstring}",
    # Of texts, since Grafana's literals are not JSON: it has a backslash before each double quote.
    "steps": "json_format(CAST(ARRAY[${step_1:sqlstring}, ${step_2:sqlstring}, "
    "${step_3:sqlstring}] AS json))",
}
"""What a parameter is; those that are not here have their defaults."""

ANY_EVENT: Final = ("retention",)
"""Questions whose event stays their default, any."""

TEXTS: Final[Mapping[str, str]] = {
    "app": "",
    "time_zone": "UTC",
    "segment": "",
    "event": "order_paid",
    "step_1": "page_view",
    "step_2": "product_added",
    "step_3": "order_paid",
}
BOTS: Final = ("exclude", "include", "only")

_WIDTH, _HEIGHT, _COLUMNS = 12, 9, 2
_SOURCE: Final = {"type": "grafana-athena-datasource", "uid": "${datasource}"}
_TIME_SERIES, _TABLE = 0, 1


def dashboard() -> Mapping[str, Any]:
    """Return the dashboard, as Grafana imports it."""
    return {
        "uid": "headwater",
        "title": "Headwater",
        "description": "The questions of the query pack, asked of Athena.",
        "tags": ["headwater"],
        "timezone": "utc",
        "schemaVersion": 38,
        "time": {"from": "now-30d", "to": "now"},
        "templating": {"list": _variables()},
        "panels": [_panel(place, pack.question(name)) for place, name in enumerate(PANELS)],
    }


def _variables() -> Sequence[Mapping[str, Any]]:
    source = {"name": "datasource", "type": "datasource", "query": _SOURCE["type"]}
    bots = {"name": "bots", "type": "custom", "query": ",".join(BOTS), "current": _chosen(BOTS[0])}
    texts = [
        {"name": name, "type": "textbox", "query": text, "current": _chosen(text)}
        for name, text in TEXTS.items()
    ]
    return [source, *texts, bots]


def _chosen(text: str) -> Mapping[str, Any]:
    return {"text": text, "value": text}


def _panel(place: int, question: PackQuestion) -> Mapping[str, Any]:
    is_series = re.search(r"Columns: (day|period)\b", question.definition) is not None
    return {
        "id": place + 1,
        "type": "timeseries" if is_series else "table",
        "title": question.title,
        "description": question.definition,
        "datasource": _SOURCE,
        "gridPos": {
            "x": place % _COLUMNS * _WIDTH,
            "y": place // _COLUMNS * _HEIGHT,
            "w": _WIDTH,
            "h": _HEIGHT,
        },
        "targets": [
            {
                "refId": "A",
                "datasource": _SOURCE,
                "format": _TIME_SERIES if is_series else _TABLE,
                "rawSQL": _sql(question),
            }
        ],
    }


def _sql(question: PackQuestion) -> str:
    def argument(found: re.Match[str]) -> str:
        name = found[1]
        is_any = name == "event" and question.name in ANY_EVENT
        if name in ARGUMENTS and not is_any:
            return ARGUMENTS[name]
        return literal(question.parameters[name].default or "")

    return pack.PLACEHOLDER.sub(argument, question.template)


def _text() -> str:
    return json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if "--check" not in sys.argv:
        DASHBOARD.write_text(_text())
    elif DASHBOARD.read_text() != _text():
        sys.exit(f"{DASHBOARD} is out of date: run `make grafana`")
