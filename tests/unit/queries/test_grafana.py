import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from headwater_local.questions import pack
from unit.queries.grafana import dashboard, panels, script

DOCS: Final = Path(__file__).parents[3] / "docs"
DASHBOARDS: Final = [DOCS / "grafana" / "headwater.json", *(DOCS / "observability").glob("*.json")]


def contains(whole: object, part: object) -> bool:
    """Return whether all that a part says stands in the whole, which may say more."""
    match whole, part:
        case Mapping(), Mapping():
            return all(key in whole and contains(whole[key], part[key]) for key in part)
        case str(), str():
            return whole == part
        case Sequence(), Sequence():
            return len(whole) == len(part) and all(map(contains, whole, part))
        case _:
            return whole == part


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_grafanas_schema_knows_all_that_a_dashboard_says(file: Path) -> None:
    register_default_plugins()
    written: Any = json.loads(file.read_text())

    understood: Any = JSONEncoder().encode(Dashboard.from_json(written))

    assert contains(json.loads(understood), written)


def test_the_schema_passes_over_nothing_that_it_does_not_know() -> None:
    written: Any = {**dashboard(), "colour": "blue"}

    understood = json.loads(JSONEncoder().encode(Dashboard.from_json(written)))

    assert not contains(understood, written)


def test_each_question_that_needs_no_person_or_page_has_a_panel() -> None:
    without = {name for name in pack.questions() if name not in panels()}

    assert without == {
        *("audit", "latest_events", "paths_from_page", "paths_to_page", "user_timeline"),
        *("breakdown_by_column", "breakdown_by_property"),
    }


def test_every_variable_of_the_sql_is_a_field_of_the_dashboard() -> None:
    fields = {each["name"] for each in dashboard()["templating"]["list"]}

    assert fields == {"datasource", "bots", *script().TEXTS}
