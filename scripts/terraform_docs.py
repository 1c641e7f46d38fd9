"""Writes the inputs and outputs of each Terraform module into its README, between two marks.

Run `python scripts/terraform_docs.py` to write them, with `--check` to list those that are out
of date. It reads our own files as `terraform fmt` leaves them, not all of HCL.
"""
# ruff: noqa: INP001, T201 -- a script, which prints

import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
BEGIN, END = "<!-- interface: written by `make terraform-docs` -->\n", "<!-- /interface -->\n"

_BLOCK = re.compile(r'(?ms)^(?P<kind>variable|output) "(?P<name>\w+)" \{\n(?P<body>.*?)^\}$')
_ONE_LINE = re.compile(r'(?m)^  description = "(?P<text>.*)"$')
_HEREDOC = re.compile(r"(?ms)^  description = <<-EOT\n(?P<text>.*?)^  EOT$")
_TYPE = re.compile(r"(?ms)^  type +?= (?P<type>\S.*?)(?=^  \w|^$|\Z)")
_DEFAULT = re.compile(r"(?m)^  default +?= (?P<default>.*)$")


@dataclass(frozen=True)
class Entry:
    """A variable or an output; `type` and `default` are HCL, None where there is none."""

    name: str
    description: str
    type: str | None
    default: str | None

    @property
    def summary(self) -> str:
        """The first paragraph of the description."""
        return self.description.split("\n\n", maxsplit=1)[0]

    @property
    def details(self) -> str:
        """What follows the first paragraph; may be empty."""
        return self.description.removeprefix(self.summary).strip()

    @property
    def is_an_object(self) -> bool:
        """Whether the type says more than its name does."""
        return "object(" in (self.type or "")


def entries(source: str, kind: str) -> list[Entry]:
    """Return the variables or the outputs of a file, in its order."""
    blocks = [block for block in _BLOCK.finditer(source) if block["kind"] == kind]
    return [_entry(block["name"], block["body"]) for block in blocks]


def interface(module: Path) -> str:
    """Return a module's inputs and outputs in Markdown."""
    inputs = entries((module / "variables.tf").read_text(), "variable")
    outputs = entries((module / "outputs.tf").read_text(), "output")
    return "\n".join([*_inputs(inputs), *_outputs(outputs)]) + "\n"


def with_interface(readme: str, text: str) -> str:
    """Return a README with the text between the marks.

    Raises:
        ValueError: The marks are missing.
    """
    head, begin, rest = readme.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the README lacks the lines {BEGIN.strip()} and {END.strip()}")
    return f"{head}{BEGIN}\n{text}\n{END}{tail}"


def modules() -> Iterator[Path]:
    """Yield the folders that have an interface to write down."""
    yield REPOSITORY / "terraform"
    yield from sorted(path.parent for path in REPOSITORY.glob("terraform/modules/**/variables.tf"))


def _inputs(inputs: list[Entry]) -> Iterator[str]:
    yield from ("## Inputs", "", "| name | meaning | default |", "|---|---|---|")
    for entry in inputs:
        default = "required" if entry.default is None else f"`{entry.default}`"
        yield f"| `{entry.name}` | {entry.summary} | {default} |"
    yield ""
    for entry in inputs:
        if entry.details or entry.is_an_object:
            yield from (f"### `{entry.name}`", "")
            yield from (entry.details, "") if entry.details else ()
            yield from ("```hcl", entry.type or "", "```", "")


def _outputs(outputs: list[Entry]) -> Iterator[str]:
    yield from ("## Outputs", "", "| name | meaning |", "|---|---|")
    yield from (f"| `{entry.name}` | {entry.summary} |" for entry in outputs)


def _entry(name: str, body: str) -> Entry:
    return Entry(name, _description(body), _type(body), _default(body))


def _description(body: str) -> str:
    if heredoc := _HEREDOC.search(body):
        return textwrap.dedent(heredoc["text"]).strip()
    line = _ONE_LINE.search(body)
    return line["text"].replace('\\"', '"') if line else ""


def _type(body: str) -> str | None:
    found = _TYPE.search(body)
    return textwrap.dedent(f"  {found['type']}").strip() if found else None


def _default(body: str) -> str | None:
    found = _DEFAULT.search(body)
    return found["default"] if found else None


def main() -> None:
    """Write what is out of date, or with `--check` only say it."""
    stale = []
    for module in modules():
        readme = module / "README.md"
        wanted = with_interface(readme.read_text(), interface(module))
        if wanted != readme.read_text():
            stale.append(str(readme.relative_to(REPOSITORY)))
            if "--check" not in sys.argv:
                readme.write_text(wanted)
    print(*stale, sep="\n", end="\n" if stale else "")
    if stale and "--check" in sys.argv:
        sys.exit("out of date: run `make terraform-docs`")


if __name__ == "__main__":
    main()
