from pathlib import Path

import pytest
from typer.testing import CliRunner

from headwater_local import cli
from headwater_local.commands import query


@pytest.mark.parametrize("option", ["--output=all.csv", "--limit=5", "--format=json"])
def test_a_prompt_takes_no_options_of_a_statement(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As at a terminal.
    monkeypatch.setattr(query, "_statements", lambda *_: None)

    result = CliRunner().invoke(cli.commands, ["query", option, "--data-dir", str(tmp_path)])

    assert result.exit_code == 2
    assert "need a statement" in result.output
