from itertools import count

import pytest

from headwater_local.questions import pack
from headwater_reports.answer import Answer, Running
from headwater_reports.answering import POLL_SECONDS, SECONDS, Answering
from headwater_reports.errors import QueryError, QuestionError
from headwater_reports.results import Result
from unit.reports.engines import AS_OF, HeldEngine

MARCH = {"start": "2026-03-01", "end": "2026-03-31"}


def answering(engine: HeldEngine, seconds_a_look: float = 0.0) -> Answering:
    """Return what asks an engine, by a clock that goes on with each look at it."""
    clock = count(0.0, seconds_a_look)
    return Answering(engine, pack.questions(), lambda _seconds: None, lambda: next(clock))


def test_an_answer_is_as_of_when_the_lake_was_asked() -> None:
    engine = HeldEngine(looks=3)

    answer = answering(engine).ask("loyalty", MARCH, 0)

    assert answer == Answer(Result(["users"], [(1,)]), AS_OF)
    assert engine.started == [
        "EXECUTE loyalty USING '2026-03-01', '2026-03-31', '', 'UTC', 'exclude', '', ''"
    ]


def test_what_takes_longer_than_a_request_is_awaited_further_without_another_start() -> None:
    engine = HeldEngine(looks=5)
    asked = answering(engine, seconds_a_look=SECONDS / 3)

    running = asked.ask("loyalty", MARCH, 0)
    assert running == Running("execution-1")
    answer = asked.ask("loyalty", MARCH | {"execution": "execution-1"}, 0)

    assert isinstance(answer, Answer)
    assert len(engine.started) == 1


def test_it_looks_again_after_a_pause() -> None:
    pauses: list[float] = []
    Answering(HeldEngine(looks=2), pack.questions(), pauses.append).ask("loyalty", MARCH, 0)

    assert pauses == [POLL_SECONDS] * 2


def test_what_the_engine_refuses_is_a_sentence() -> None:
    with pytest.raises(QueryError, match="Athena: why it did"):
        answering(HeldEngine(ends="FAILED")).ask("loyalty", MARCH, 0)


def test_what_cannot_be_asked_starts_nothing() -> None:
    engine = HeldEngine()

    with pytest.raises(QuestionError):
        answering(engine).ask("loyalty", MARCH | {"bots": "some"}, 0)
    with pytest.raises(QuestionError):
        answering(engine).ask("select", {"execution": "execution-1"}, 0)

    assert engine.started == []
