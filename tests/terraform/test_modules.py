"""The modules, planned with a mocked provider: every `.tftest.hcl` of this folder."""

from pathlib import Path

import pytest

from terraform.command import needs_terraform, terraform

HERE = Path(__file__).parent
# Fixtures run the other ones, to read what they make.
READ = {"stacks.tftest.hcl", "alarms.tftest.hcl"}
TESTS = sorted({path.name for path in HERE.glob("*.tftest.hcl")} - READ)


@pytest.fixture(scope="module")
def initialized() -> Path:
    terraform(HERE, "init", "-backend=false", "-input=false")
    return HERE


@needs_terraform
@pytest.mark.parametrize("name", TESTS)
def test_module(initialized: Path, name: str) -> None:
    assert "0 failed" in terraform(initialized, "test", "-no-color", f"-filter={name}")
