"""Questions as statements that a workgroup has prepared, asked within a request's time."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from headwater_reports.answer import Answer, Running
from headwater_reports.engine import Engine
from headwater_reports.errors import QueryError
from headwater_reports.questions import Question, statement

SECONDS: Final = 20.0
"""How long a request waits for its answer: an HTTP API's may take 30 ("Quotas for configuring and
running an HTTP API", Amazon API Gateway developer guide), with a start and the rows."""

POLL_SECONDS: Final = 0.3

EXECUTION: Final = "execution"
"""The argument by which a question that was still being answered is awaited further."""


@dataclass(frozen=True)
class Answering:
    """Asks the questions of the pack, and nothing else."""

    engine: Engine
    questions: Mapping[str, Question]
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def ask(self, name: str, arguments: Mapping[str, str], limit: int) -> Answer | Running:
        """Ask a question, or await one further whose execution is among the arguments.

        Its id is a UUID that only those were told who asked, and the engine is the workgroup's.

        Raises:
            QuestionError: the pack has no such question, or not with these arguments.
            QueryError: the engine refused it.
        """
        until = self.clock() + SECONDS
        given = {key: value for key, value in arguments.items() if key != EXECUTION}
        sql = statement(self.questions, name, given)
        number = arguments.get(EXECUTION) or self.engine.start(sql)
        while (execution := self.engine.execution(number)).is_running:
            if self.clock() >= until:
                return Running(number)
            self.pause(POLL_SECONDS)
        if not execution.has_succeeded:
            raise QueryError(f"Athena: {execution.reason or execution.state}")
        return Answer(self.engine.rows(number, limit), execution.as_of)
