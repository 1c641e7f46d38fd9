import duckdb

from headwater_local.doctor.finding import Finding, Health
from headwater_local.doctor.rows import Rows
from headwater_reports.errors import QueryError
from headwater_reports.results import Result


class Lake:
    """A table of events, in which one appears with each question."""

    def __init__(self, *ids: str) -> None:
        self.ids = [*ids]
        self.questions: list[str] = []
        self._connection = duckdb.connect()
        self._connection.execute("create table events (event_id varchar, event_time timestamp)")

    def ask(self, sql: str) -> Result:
        self.questions.append(sql)
        if self.ids:
            found = self.ids.pop(0)
            self._connection.execute("insert into events values (?, current_timestamp)", [found])
        return Result(["n"], self._connection.execute(sql).fetchall())


def looked_for(lake: Lake, *ids: str, deadline: float = 60) -> Finding:
    return Rows(lake.ask, deadline_seconds=deadline, pause_seconds=0).of("row", ids)


def test_waits_for_every_event() -> None:
    lake = Lake("a", "b", "c")

    finding = looked_for(lake, "c", "a")

    assert finding.health is Health.GOOD
    assert len(lake.questions) == 3


def test_names_an_event_that_does_not_become_a_row() -> None:
    finding = looked_for(Lake("a"), "a", "b", deadline=0.2)

    assert finding.health is Health.FAULT
    assert "is not a row" in finding.said


def test_names_what_keeps_it_from_asking() -> None:
    def refuse(_: str) -> Result:
        raise QueryError("Athena cannot run it (WorkGroup is not found)")

    finding = Rows(refuse).of("row", ["a"])

    assert finding.health is Health.FAULT
    assert "WorkGroup is not found" in finding.said


def test_a_pages_own_id_is_no_more_than_a_text_of_the_query() -> None:
    own = "x') or ('1' = '1"

    assert looked_for(Lake("a", "b", own), own).health is Health.GOOD
    assert looked_for(Lake("a"), own, deadline=0.2).health is Health.FAULT
