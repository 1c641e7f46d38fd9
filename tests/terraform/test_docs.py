import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from terraform.command import REPOSITORY

SOURCE = """variable "name" {
  description = "Name of the \\"stack\\"."
  type        = string

  validation {
    condition     = var.name != ""
    error_message = "name must not be empty."
  }
}

variable "stream" {
  description = <<-EOT
    How events wait.

    - `mode`: one of two.
  EOT
  type = object({
    mode = optional(string, "provisioned")
  })
  default  = {}
  nullable = false
}

output "arn" {
  description = "ARN of it."
  value       = 1
}
"""

IMAGE = """variable "image" {
  description = "The code."
  type = object({
    uri = string
  })
}
"""


@pytest.fixture
def docs() -> ModuleType:
    script = REPOSITORY / "scripts" / "terraform_docs.py"
    spec = importlib.util.spec_from_file_location("terraform_docs", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reads_what_a_variable_says_of_itself(docs: ModuleType) -> None:
    name, stream = docs.entries(SOURCE, "variable")

    assert (name.name, name.summary, name.type) == ("name", 'Name of the "stack".', "string")
    assert name.default is None
    assert (stream.summary, stream.details) == ("How events wait.", "- `mode`: one of two.")
    assert stream.type == 'object({\n  mode = optional(string, "provisioned")\n})'
    assert stream.default == "{}"


def test_shows_what_is_in_an_object(docs: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "variables.tf").write_text(IMAGE)
    (tmp_path / "outputs.tf").write_text("")

    shown = "### `image`\n\n```hcl\nobject({\n  uri = string\n})\n```\n"
    assert shown in docs.interface(tmp_path)


def test_tells_outputs_from_variables(docs: ModuleType) -> None:
    assert [output.name for output in docs.entries(SOURCE, "output")] == ["arn"]


def test_writes_between_the_marks_alone(docs: ModuleType) -> None:
    readme = f"before\n{docs.BEGIN}old\n{docs.END}after\n"

    assert docs.with_interface(readme, "new") == f"before\n{docs.BEGIN}\nnew\n{docs.END}after\n"


def test_refuses_a_readme_without_marks(docs: ModuleType) -> None:
    with pytest.raises(ValueError, match="lacks"):
        docs.with_interface("before", "new")


def test_every_variable_and_output_is_described(docs: ModuleType) -> None:
    described = [
        entry.summary
        for module in docs.modules()
        for kind in ("variable", "output")
        for entry in docs.entries((module / f"{kind}s.tf").read_text(), kind)
    ]

    assert len(described) > 80
    assert all(described)
