"""The questions of the query pack: a name and parameters become SQL of Athena's. Pure.

Terraform makes Athena's named queries and prepared statements of the same files
(``terraform/modules/queries/main.tf``), with ``?`` for each parameter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from headwater_reports.arguments import COMMON, Parameter, checked
from headwater_reports.questions import Question, literal, of_name

SQL: Final = Path(__file__).parents[4] / "terraform/modules/queries/sql"

_PART: Final = re.compile(r"\$\{(\w+)\}")
PLACEHOLDER: Final = re.compile(r":([a-z][a-z_]*)")
_LISTS: Final = re.compile(r"^(?:Parameters|Columns):", re.MULTILINE)
_OWN_PARAMETER: Final = re.compile(r"^--   (\w+)(?: = '?([^:']*)'?)?: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class PackQuestion(Question):
    """A file of the pack.

    ``definition`` is the rest of its header: what the words mean, the columns and their units.
    ``template`` is its SQL with a placeholder, such as ``:start``, for each parameter.
    """

    definition: str
    template: str


@cache
def questions() -> Mapping[str, PackQuestion]:
    """Return every question by its name, in alphabetical order."""
    return {path.stem: _read(path) for path in sorted(SQL.glob("*.sql"))}


def question(name: str) -> PackQuestion:
    """Return a question.

    Raises:
        QuestionError: the pack has none of that name.
    """
    return of_name(questions(), name)


def render(name: str, arguments: Mapping[str, str]) -> str:
    """Return a question as Athena's SQL, with its arguments as quoted literals.

    What is not given has its default.

    Raises:
        QuestionError: an argument is missing, unknown or cannot be what it is meant to be.
    """
    asked = question(name)
    values = checked(asked.name, asked.parameters, arguments)
    return PLACEHOLDER.sub(lambda found: literal(values[found[1]]), asked.template)


def views() -> Mapping[str, str]:
    """Return the SQL of each view, by its name; none reads another."""
    return {path.stem: _expanded(path) for path in sorted((SQL / "views").glob("*.sql"))}


def _read(path: Path) -> PackQuestion:
    template = _expanded(path)
    header = [line for line in path.read_text().splitlines() if line.startswith("--")]
    title, *definition = (line.removeprefix("--").removeprefix(" ") for line in header)
    own = {
        name: Parameter(default=default if equals else None, meaning=meaning)
        for name, equals, default, meaning in _own_parameters("\n".join(header))
    }
    marks = PLACEHOLDER.findall(template)
    parameters = {**COMMON, **own} if marks else own
    told = "\n".join(definition)
    return PackQuestion(path.stem, title, _meaning(told), parameters, marks, told, template)


def _meaning(definition: str) -> str:
    """Return the sentences ahead of the parameters and columns, as one line."""
    return " ".join(_LISTS.split(definition, maxsplit=1)[0].split())


def _own_parameters(header: str) -> list[tuple[str, bool, str, str]]:
    return [
        (found[1], found[2] is not None, found[2] or "", found[3])
        for found in _OWN_PARAMETER.finditer(header)
    ]


def _expanded(path: Path) -> str:
    return _filled(path.read_text(), _parts())


@cache
def _parts() -> Mapping[str, str]:
    """Return what a file may hold of others': parts and, in these and in it, expressions."""
    expressions = _texts("expressions")
    parts = {name: _filled(text, expressions) for name, text in _texts("parts").items()}
    return {**expressions, **parts}


def _texts(folder: str) -> Mapping[str, str]:
    return {path.stem: path.read_text().strip() for path in (SQL / folder).glob("*.sql")}


def _filled(text: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda found: parts[found[1]], text)
