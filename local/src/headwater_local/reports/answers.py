"""Answers of the query pack over a lake, one at a time and within a limit of time."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

from headwater_local.errors import AbandonedError
from headwater_local.inspection.dialect import Dialect
from headwater_local.questions import pack
from headwater_reports.answer import Answer
from headwater_reports.errors import QueryError, SlowAnswerError
from headwater_reports.results import Result

SECONDS: Final = 60.0
"""How long an answer may take."""


class Lake(Protocol):
    """Tables that can be asked: a LocalLake, or tables of a test's own."""

    def run(self, sql: str, dialect: Dialect, limit: int = 0) -> Result:
        """Return at most ``limit`` rows (0: all)."""

    def interrupt(self) -> None:
        """Let the statement that another thread runs raise QueryError."""


@dataclass
class Answers:
    """Asks a lake the questions of the pack, and nothing else."""

    lake: Lake
    seconds: float = SECONDS
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def answer(
        self,
        name: str,
        arguments: Mapping[str, str],
        limit: int,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Answer:
        """Return at most ``limit`` rows (0: all) of a question's answer.

        ``is_wanted`` is asked when its turn comes.

        Raises:
            QuestionError: the pack has no such question, or not with these arguments.
            AbandonedError: it was not wanted any more.
            SlowAnswerError: it took too long.
            NotRunningError: there are no tables to read.
            QueryError: the engine refused it.
        """
        sql = pack.render(name, arguments)
        with self._one_at_a_time, self._in_time():
            if not is_wanted():
                raise AbandonedError("The page was left before its question's turn came.")
            as_of = datetime.now(UTC)
            return Answer(self.lake.run(sql, Dialect.ATHENA, limit), as_of)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            self.lake.interrupt()

        watch = threading.Timer(self.seconds, end)
        watch.start()
        try:
            yield
        except QueryError as error:
            if not is_late.is_set():
                raise
            raise SlowAnswerError(
                f"It took longer than {self.seconds:g} seconds and was stopped: ask for fewer days."
            ) from error
        finally:
            watch.cancel()
