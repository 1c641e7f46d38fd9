"""Writes what the reports can ask, beside their pages, from the headers of the query pack."""

# ruff: noqa: INP001 -- a script, in no package

import json

from headwater_local.questions import pack
from headwater_local.reports.routes import PAGES
from headwater_reports.questions import FILE


def listed() -> str:
    """Return the list as JSON, a question a line."""
    lines = (json.dumps(each.as_json(), ensure_ascii=False) for each in pack.questions().values())
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    (PAGES / FILE).write_text(listed())
