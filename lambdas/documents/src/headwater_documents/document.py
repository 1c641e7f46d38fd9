"""A YAML text as mappings of texts, each with its line.

YAML's own guesses would make a boolean of a property that is named ``no``, and of two keys that are
alike only the last would be left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import yaml

from headwater_contract.quoting import listed

MAX_BYTES: Final = 256 * 1024
"""Bytes of a document's text."""


class DocumentError(ValueError):
    """A document that cannot be used; the text has a line for each problem."""


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a key, or the whole document, and the line in which it begins."""

    line: int
    node: yaml.Node

    @property
    def text(self) -> str | None:
        """The text; None if it is something else."""
        return cast("str", self.node.value) if isinstance(self.node, yaml.ScalarNode) else None

    @property
    def is_mapping(self) -> bool:
        """Whether it has entries."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def items(self) -> "list[Value] | None":
        """What a list has, in order; None if it is not a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            return None
        return [Value(node.start_mark.line + 1, node) for node in self.node.value]

    @property
    def shown(self) -> str:
        """What it is, for a sentence."""
        if isinstance(self.node, yaml.ScalarNode):
            return f"`{self.node.value[:40]}`" if self.node.value else "empty"
        return "a list" if isinstance(self.node, yaml.SequenceNode) else "a mapping"


@dataclass(frozen=True, slots=True)
class Problems:
    """What is wrong with a document: lines, with a sentence each."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, sentence: str) -> None:
        """Add what is wrong in a line."""
        self.found.append((line, sentence))

    def raise_any(self) -> None:
        """Raise what was found, in the order of its lines, if anything was.

        Raises:
            DocumentError: something is wrong.
        """
        if self.found:
            lines = [f"line {line}: {sentence}" for line, sentence in sorted(self.found)]
            raise DocumentError("\n".join(lines))


def read(text: bytes) -> Value:
    """Return the one document of a text.

    Raises:
        DocumentError: it is not YAML, has not exactly one document, or is too large.
    """
    if len(text) > MAX_BYTES:
        raise DocumentError(f"it has more than {MAX_BYTES:,} bytes: leave something out")
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise DocumentError(f"{line}it is not YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise DocumentError(f"it is not YAML: {' '.join(str(error).split())}") from error
    if node is None:
        raise DocumentError("it is empty: begin with `version: 1`")
    return Value(node.start_mark.line + 1, node)


def entries(value: Value, name: str, problems: Problems) -> Mapping[str, Value]:
    """Return the entries of a mapping; empty, and a problem, if it is not one."""
    if not isinstance(value.node, yaml.MappingNode):
        problems.add(value.line, f"{name} is {value.shown}: give a mapping")
        return {}
    found: dict[str, Value] = {}
    for key, node in value.node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or not key.value or not key.value.isprintable():
            problems.add(line, f"{name} has a key that is not one line of text: give it a name")
        elif key.value in found:
            problems.add(line, f"{name} has the key {key.value} twice: keep one of them")
        else:
            found[key.value] = Value(line, node)
    return found


def known_entries(
    value: Value, name: str, keys: Sequence[str], problems: Problems
) -> Mapping[str, Value]:
    """Return the entries of a mapping that may have these keys; any other is a problem."""
    found = entries(value, name, problems)
    for key in found:
        if key not in keys:
            problems.add(
                found[key].line, f"{name} has the unknown key {key}: it takes {listed(keys)}"
            )
    return found
