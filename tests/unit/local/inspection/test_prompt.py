from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from headwater_local.data_dir import DataDir
from headwater_local.inspection.dialect import Dialect
from headwater_local.inspection.prompt import Names, converse, is_whole
from headwater_local.inspection.sql import LocalLake


class LakeWithoutTables(LocalLake):
    """A lake for statements that need none."""

    def connection(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect()


@pytest.fixture
def keyboard() -> Iterator[PipeInput]:
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        yield keyboard


def test_statements_of_several_lines_are_answered_until_the_end(
    keyboard: PipeInput, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keyboard.send_text("select 40 +\r2 as answer;\rnonsense;\r\x04")

    converse(LakeWithoutTables(DataDir.at(tmp_path)), Dialect.ATHENA)

    out, err = capsys.readouterr()
    assert "answer" in out
    assert "42" in out
    assert err
    assert "select 40 +" in (tmp_path / "query_history").read_text()


@pytest.mark.parametrize(
    ("text", "whole"), [("", True), ("select 1", False), ("select 1;", True), ("select 1; ", True)]
)
def test_enter_runs_what_ends_with_a_semicolon(text: str, *, whole: bool) -> None:
    assert is_whole(text) is whole


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("select * from eve", ["events", "event_id"]), ("SEL", ["select"]), ("select ", [])],
)
def test_tab_completes_tables_columns_and_words(typed: str, offered: list[str]) -> None:
    names = Names({"events": ["event_id", "path"]})

    found = names.get_completions(Document(typed), CompleteEvent())

    assert [completion.text for completion in found] == offered
