import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from headwater_local.errors import AbandonedError
from headwater_local.inspection.dialect import Dialect
from headwater_local.reports.answers import Answers
from headwater_reports.errors import QueryError, QuestionError, SlowAnswerError
from headwater_reports.results import Result

MARCH = {"start": "2026-03-01", "end": "2026-03-31"}


@dataclass
class EndlessLake:
    """Its statements end when they are interrupted."""

    interrupted: threading.Event = field(default_factory=threading.Event)

    def run(self, _sql: str, _dialect: Dialect, _limit: int = 0) -> Result:
        self.interrupted.wait()
        raise QueryError("Interrupted.")

    def interrupt(self) -> None:
        self.interrupted.set()


@dataclass
class CountingLake:
    """It notes the most statements that ran at a time."""

    running: int = 0
    most: int = 0
    barrier: threading.Barrier = field(default_factory=lambda: threading.Barrier(4))

    def run(self, _sql: str, _dialect: Dialect, _limit: int = 0) -> Result:
        self.running += 1
        self.most = max(self.most, self.running)
        threading.Event().wait(0.01)
        self.running -= 1
        return Result(["users"], [(1,)])

    def interrupt(self) -> None:
        raise AssertionError("nothing was slow")


class BrokenLake(CountingLake):
    """It refuses what it is asked."""

    def run(self, _sql: str, _dialect: Dialect, _limit: int = 0) -> Result:
        raise QueryError("no such table")


def test_what_takes_too_long_is_stopped_and_said() -> None:
    answers = Answers(EndlessLake(), seconds=0.01)

    with pytest.raises(SlowAnswerError, match=r"longer than 0\.01 seconds.*: ask for fewer days"):
        answers.answer("loyalty", MARCH, 0)


def test_what_the_engine_refuses_is_not_called_slow() -> None:
    with pytest.raises(QueryError, match="no such table"):
        Answers(BrokenLake()).answer("loyalty", MARCH, 0)


def test_a_lake_is_asked_one_question_at_a_time() -> None:
    lake = CountingLake()
    answers = Answers(lake)

    def ask() -> None:
        lake.barrier.wait()
        answers.answer("loyalty", MARCH, 0)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert lake.most == 1


def test_an_answer_is_as_of_the_moment_it_was_asked() -> None:
    before = datetime.now(UTC)

    answer = Answers(CountingLake()).answer("loyalty", MARCH, 0)

    assert before <= answer.as_of <= datetime.now(UTC)


def test_a_question_of_a_page_that_was_left_reaches_no_lake() -> None:
    with pytest.raises(AbandonedError):
        Answers(EndlessLake()).answer("loyalty", MARCH, 0, is_wanted=lambda: False)


def test_what_cannot_be_asked_reaches_no_lake() -> None:
    with pytest.raises(QuestionError):
        Answers(EndlessLake()).answer("loyalty", {"start": "2026-03-01", "end": "soon"}, 0)
