"""docs/simulation.md says of every guard what happens without it."""

import re
from pathlib import Path

from simulation.guards import GUARDS

PAGE = (Path(__file__).parents[3] / "docs" / "simulation.md").read_text()


def test_every_guard_is_explained() -> None:
    section = PAGE.split("## Every guard earns its place")[1].split("\n## ")[0]

    explained = re.findall(
        r"(?m)^- `([a-z-]+)`: .+\. (?:Lost|Doubled|Blocked|Unreadable)\.$", section
    )

    assert explained == [*GUARDS]
