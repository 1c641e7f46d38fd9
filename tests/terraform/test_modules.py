"""The modules, planned with a mocked provider: every `.tftest.hcl` of this folder."""

from pathlib import Path

import pytest

from terraform.command import needs_terraform, terraform

HERE = Path(__file__).parent
# The fixture `made` runs the other one, to read what it makes.
TESTS = sorted(path.name for path in HERE.glob("*.tftest.hcl") if path.stem != "stacks.tftest")


@pytest.fixture(scope="module")
def initialized() -> Path:
    terraform(HERE, "init", "-backend=false", "-input=false")
    return HERE


@needs_terraform
@pytest.mark.parametrize("name", TESTS)
def test_module(initialized: Path, name: str) -> None:
    assert "0 failed" in terraform(initialized, "test", "-no-color", f"-filter={name}")
