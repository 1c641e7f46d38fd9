from pathlib import Path

import pytest

from terraform.command import copy_of_the_modules, needs_terraform, terraform

GUARDED = """
mock_provider "aws" {
  source = "./mocks"
}

variables {
  name          = "sample"
  force_destroy = %s
  prebuilt = {
    api_zip          = "versions.tf"
    writer_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0"
    browser_sdk      = "versions.tf"
  }
}

run "is_destroyed_when_this_test_ends" {
  module {
    source = "../../terraform"
  }
}
"""


def _modules(folder: Path, force_destroy: str, more: str = "") -> Path:
    guarded = folder / "guarded.tftest.hcl"
    guarded.write_text(GUARDED % force_destroy + more)
    return copy_of_the_modules(folder, str(guarded))


@needs_terraform
def test_refuses_a_destroy_that_would_lose_events(tmp_path: Path) -> None:
    tests = _modules(tmp_path, "false")

    with pytest.raises(AssertionError, match="This destroy would delete the events"):
        terraform(tests, "test", "-no-color")


@needs_terraform
def test_destroys_where_that_was_asked_for(tmp_path: Path) -> None:
    tests = _modules(tmp_path, "true")

    assert "1 passed" in terraform(tests, "test", "-no-color")


RENAMED = """
run "is_renamed" {
  module {
    source = "../../terraform"
  }

  variables {
    name = "another"
  }
}
"""


@needs_terraform
def test_refuses_a_name_that_would_lose_events(tmp_path: Path) -> None:
    tests = _modules(tmp_path, "false", RENAMED)

    with pytest.raises(AssertionError, match="give the stack its old one") as refused:
        terraform(tests, "test", "-no-color")

    assert 'run "is_renamed"... fail' in str(refused.value)
