"""What the reports can ask: the pack's questions without their SQL, as the pages know them too.

``reports/dist/questions.json`` lists them, rendered from the pack's files (``make reports``).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from headwater_reports.arguments import Parameter, checked, choices
from headwater_reports.errors import QuestionError

FILE: Final = "questions.json"

MAX_BYTES: Final = 262_144
"""Of a statement ("Service Quotas", Amazon Athena user guide)."""


@dataclass(frozen=True)
class Question:
    """A question of the pack: what it asks, what the words mean, and its parameters.

    ``marks`` are the parameters that a prepared statement's question marks stand for, in order. A
    parameter may have several.
    """

    name: str
    title: str
    meaning: str
    parameters: Mapping[str, Parameter]
    marks: Sequence[str]

    def as_json(self) -> Mapping[str, Any]:
        """Return the question as the pages read it."""
        return {
            "name": self.name,
            "title": self.title,
            "meaning": self.meaning,
            "parameters": [
                {
                    "name": name,
                    "default": parameter.default,
                    "meaning": parameter.meaning,
                    "choices": choices(name, parameter),
                }
                for name, parameter in self.parameters.items()
            ],
            "marks": [*self.marks],
        }


Chosen = TypeVar("Chosen", bound=Question)


def read(pages: Path) -> Mapping[str, Question]:
    """Return the questions of the pages in a folder, by their names."""
    listed = json.loads((pages / FILE).read_text())
    return {each["name"]: _question(each) for each in listed}


def of_name(questions: Mapping[str, Chosen], name: str) -> Chosen:
    """Return a question.

    Raises:
        QuestionError: there is none of that name.
    """
    try:
        return questions[name]
    except KeyError:
        known = ", ".join(questions)
        raise QuestionError(f"There is no question `{name}`: choose one of {known}.") from None


def statement(questions: Mapping[str, Question], name: str, arguments: Mapping[str, str]) -> str:
    """Return the statement that asks a question which the workgroup has prepared.

    The arguments are literals of the statement, never part of the question's SQL. What is not given
    has its default.

    Raises:
        QuestionError: there is no such question, or not with these arguments.
    """
    asked = of_name(questions, name)
    values = checked(name, asked.parameters, arguments)
    if not asked.marks:
        return f"EXECUTE {name}"
    sql = f"EXECUTE {name} USING {', '.join(literal(values[each]) for each in asked.marks)}"
    if (length := len(sql.encode())) > MAX_BYTES:
        raise QuestionError(
            f"What is asked is {length:,} bytes long, and Athena takes {MAX_BYTES:,}: ask for less."
        )
    return sql


def literal(text: str) -> str:
    """Return a text as a literal of Athena's SQL, which has one escape: two quotes are one."""
    return "'" + text.replace("'", "''") + "'"


def _question(described: Mapping[str, Any]) -> Question:
    parameters = {
        each["name"]: Parameter(each["default"], each["meaning"])
        for each in described["parameters"]
    }
    return Question(
        described["name"],
        described["title"],
        described["meaning"],
        parameters,
        described["marks"],
    )
