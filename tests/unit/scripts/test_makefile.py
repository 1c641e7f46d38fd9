"""On a fresh clone every target installs what it runs."""

import re
from pathlib import Path
from typing import Final

import pytest

MAKEFILE: Final = Path(__file__).parents[3] / "Makefile"
RULES: Final = re.findall(
    r"^([a-z][a-z0-9-]*):([^\n#]*)##[^\n]*\n((?:\t[^\n]*\n)*)", MAKEFILE.read_text(), re.MULTILINE
)


def missing(prerequisites: set[str], recipe: str) -> set[str]:
    """Return what a recipe runs that none of its prerequisites installs."""
    if "setup-dev" in prerequisites:
        return set()
    needed = {
        f"{folder}/node_modules/ready" for folder in re.findall(r"npm --prefix (\S+)", recipe)
    }
    if re.search(r"uv run (?!--no-project)", recipe):
        needed.add("setup")
    return needed - prerequisites


def test_rules_are_found() -> None:
    assert {"run", "test", "simulate", "sdk"} <= {name for name, _, _ in RULES}


@pytest.mark.parametrize(
    ("name", "prerequisites", "recipe"), RULES, ids=[name for name, *_ in RULES]
)
def test_a_target_installs_what_it_runs(name: str, prerequisites: str, recipe: str) -> None:
    assert not missing({*prerequisites.split()}, recipe), name


def test_what_is_not_installed_is_found() -> None:
    recipe = "\tnpm --prefix reports test\n\tuv run pytest\n"

    assert missing({"setup"}, recipe) == {"reports/node_modules/ready"}
    assert missing({"reports/node_modules/ready"}, recipe) == {"setup"}
