import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headwater_local import cli
from headwater_local.errors import NotRunningError, PollerConfigError
from unit.poller.build import PLAIN

runner = CliRunner()


def test_names_the_line_of_each_problem_before_anything_is_polled(tmp_path: Path) -> None:
    file = tmp_path / "weblogs.yaml"
    file.write_text("version: 1\nid: weblogs\nevery: often\ncolour: red\n")

    result = runner.invoke(cli.commands, ["poll", str(file), "--once"])

    assert isinstance(result.exception, PollerConfigError)
    said = str(result.exception)
    assert f"The config {file} cannot be used:\n" in said
    assert "line 3: the config.every is `often`: give a duration" in said
    assert "line 4: the config has the unknown key colour" in said


def test_says_that_a_config_cannot_be_read(tmp_path: Path) -> None:
    result = runner.invoke(cli.commands, ["poll", str(tmp_path / "none.yaml")])

    assert isinstance(result.exception, PollerConfigError)
    assert "it cannot be read (No such file or directory)" in str(result.exception)


def test_needs_a_route_to_poll_into(tmp_path: Path) -> None:
    file = tmp_path / "weblogs.yaml"
    file.write_text(json.dumps(PLAIN))

    result = runner.invoke(cli.commands, ["poll", str(file), "--data-dir", str(tmp_path / "data")])

    with pytest.raises(NotRunningError, match="Headwater is not running"):
        raise result.exception or AssertionError
