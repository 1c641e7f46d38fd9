import re
import tomllib
from pathlib import Path

import pytest

from unit.supply_chain.checkout import REPOSITORY, files

PINS = files("requirements*.txt", "*/aws_stand_in.txt")
PROJECTS = files("*/pyproject.toml")


def _pins(text: str) -> list[str]:
    return [pin for pin in re.split(r"(?m)^(?=\S)", text) if pin.strip()]


@pytest.mark.parametrize("file", PINS, ids=lambda file: file.name)
def test_every_pin_has_a_version_and_hashes(file: Path) -> None:
    pins = _pins(file.read_text())

    assert pins
    assert [pin for pin in pins if not re.match(r"^[\w.-]+(\[[\w,-]+\])?==\S+", pin)] == []
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("file", PROJECTS, ids=lambda file: file.parent.name)
def test_every_build_backend_is_the_pinned_one(file: Path) -> None:
    pinned = {
        pin.split(" ")[0] for pin in _pins((REPOSITORY / "requirements-build.txt").read_text())
    }
    required = tomllib.loads(file.read_text())["build-system"]["requires"]

    assert required
    assert set(required) <= pinned
