from pathlib import Path

import pytest
from typer.testing import CliRunner

from headwater_local import cli
from headwater_local.errors import NotRunningError

runner = CliRunner()


def test_needs_a_run_to_work_on(tmp_path: Path) -> None:
    result = runner.invoke(cli.commands, ["demo", "--data-dir", str(tmp_path)])

    assert isinstance(result.exception, NotRunningError)
    assert result.output == ""


@pytest.mark.parametrize("option", ["--days=0", "--visitors=0", "--seed=-1"])
def test_refuses_an_impossible_size(option: str, tmp_path: Path) -> None:
    result = runner.invoke(cli.commands, ["demo", option, "--data-dir", str(tmp_path)])

    assert result.exit_code == 2
