"""The dashboard's SQL as Grafana sends it: its variables are interpolated as text."""

import importlib.util
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from unit.queries.reference import Asked

SCRIPT: Final = Path(__file__).parents[3] / "scripts" / "grafana_dashboard.py"
_VARIABLE: Final = re.compile(r"\$\{(\w+):(\w+)(?::[^}]*)?\}")


def script() -> ModuleType:
    """Return the script that writes the dashboard."""
    spec = importlib.util.spec_from_file_location("grafana_dashboard", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def dashboard() -> Mapping[str, Any]:
    """Return the dashboard that is committed."""
    read: Mapping[str, Any] = json.loads(script().DASHBOARD.read_text())
    return read


def panels() -> Mapping[str, str]:
    """Return the SQL of each panel, by its question."""
    written = [panel["targets"][0]["rawSQL"] for panel in dashboard()["panels"]]
    return dict(zip(script().PANELS, written, strict=True))


def interpolated(sql: str, asked: Asked, texts: Mapping[str, str]) -> str:
    """Return SQL with the values of variables: `sqlstring` is a quoted text, `date` a bare one."""
    values = {
        "__from": str(asked.start),
        "__to": str(asked.end),
        "app": asked.app,
        "time_zone": asked.time_zone,
        "bots": asked.bots,
        "segment": asked.segment,
        **texts,
    }

    def value(found: re.Match[str]) -> str:
        text = values[found[1]]
        return text if found[2] == "date" else "'" + text.replace("'", "''") + "'"

    return _VARIABLE.sub(value, sql)
