import re
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from headwater_local import cli
from headwater_local import commands as headwater_commands
from headwater_local.errors import NotRunningError, SendError

runner = CliRunner()

ROOT = Path(__file__).parents[3]
LAPTOP = (ROOT / "docs/laptop.md").read_text()
PAGES = "".join(page.read_text() for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
DOCUMENTED = sorted(set(re.findall(r"uv run headwater ([a-z]+)([^\n`#]*)", PAGES)))

COMMANDS = sorted(
    file.stem
    for file in Path(headwater_commands.__path__[0]).glob("*.py")
    if file.stem not in {"__init__", "options"}
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_file_and_explains_itself(command: str) -> None:
    result = runner.invoke(cli.commands, [command, "--help"])

    assert result.exit_code == 0
    assert f"`{command}`" in LAPTOP


@pytest.mark.parametrize(("command", "arguments"), DOCUMENTED)
def test_the_documented_options_exist(command: str, arguments: str) -> None:
    printed = runner.invoke(cli.commands, [command, "--help"], env={"COLUMNS": "200"}).output

    assert all(option in printed for option in re.findall(r"(?<= )--[a-z-]+", arguments))


def test_every_file_of_the_commands_is_a_command() -> None:
    assert sorted(get_command(cli.commands).commands) == COMMANDS  # type: ignore[attr-defined]


def test_says_its_version() -> None:
    assert (
        runner.invoke(cli.commands, ["--version"]).output
        == f"headwater {version('headwater-local')}\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["up", "--api-port", "0"],
        ["up", "--api-port", "70000"],
        ["query"],
        ["query", "select 1", "--format", "xml"],
        ["query", "select 1", "--formt", "json"],
        ["send"],
        ["send", "-", "--batch-size", "0"],
        ["no-such-command"],
    ],
)
def test_wrong_arguments_are_refused(arguments: list[str]) -> None:
    assert runner.invoke(cli.commands, arguments).exit_code == 2


@pytest.mark.parametrize(
    "arguments", [["query", "select 1"], ["query", "-- One.\nselect 1"], ["status"]]
)
def test_needs_a_run_to_look_at(arguments: list[str], tmp_path: Path) -> None:
    result = runner.invoke(cli.commands, [*arguments, "--data-dir", str(tmp_path)])

    assert isinstance(result.exception, NotRunningError)


def test_says_that_a_file_cannot_be_read(tmp_path: Path) -> None:
    result = runner.invoke(cli.commands, ["send", str(tmp_path / "none.jsonl")])

    assert isinstance(result.exception, SendError)


def test_says_that_nothing_answers(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("{}")

    result = runner.invoke(cli.commands, ["send", str(file), "--api-url", "http://127.0.0.1:1"])

    assert isinstance(result.exception, SendError)
    assert "headwater up" in str(result.exception)


def test_a_failure_is_a_sentence_and_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["headwater", "status", "--data-dir", str(tmp_path)])

    with pytest.raises(SystemExit) as exited:
        cli.app()

    assert exited.value.code == 1
    assert capsys.readouterr().err == (
        f"Headwater is not running on {tmp_path}: start it with `headwater up`, "
        "or name another directory with --data-dir.\n"
    )
