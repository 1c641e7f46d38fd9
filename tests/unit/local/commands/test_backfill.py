from pathlib import Path

import pytest
from typer.testing import CliRunner

from headwater_local import cli
from headwater_local.data_dir import DataDir
from headwater_local.errors import NotRunningError
from headwater_local.ports import Ports
from headwater_local.supervision import functions

runner = CliRunner()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["exports", "--after", "a.gz"], "--after takes FILE:LINE"),
        (["exports", "--after", "a.gz:-1"], "--after takes FILE:LINE"),
        (["exports", "--app", ""], "`app` is empty: give it a value, or leave it out"),
        (["exports", "--import"], "No such option"),
        ([], "Missing argument"),
    ],
)
def test_refuses_what_cannot_be_before_anything_starts(
    options: list[str], sentence: str, tmp_path: Path
) -> None:
    result = runner.invoke(cli.commands, ["backfill", *options, "--data-dir", str(tmp_path)])

    printed = " ".join(result.output.replace("│", "").split())
    assert result.exit_code == 2
    assert sentence in printed


@pytest.mark.parametrize(
    "options",
    [
        ["exports"],
        ["s3://bucket/archive/"],
        ["exports", "--app=shop", "--after=2026/01/31/13/a:b.gz:7"],
    ],
)
def test_needs_a_run_to_work_on(options: list[str], tmp_path: Path) -> None:
    result = runner.invoke(cli.commands, ["backfill", *options, "--data-dir", str(tmp_path)])

    assert isinstance(result.exception, NotRunningError)
    assert result.output == ""


def test_goes_on_from_where_it_began_if_it_was_interrupted_before_any_progress(
    data_dir: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(functions, "invoke", interrupted)
    data_dir.announce(Ports(aws=1))
    options = ["backfill", "exports", "--after=a.gz:7", "--data-dir", str(data_dir.root)]

    result = runner.invoke(cli.commands, options)

    assert result.exit_code == 130
    assert "--after a.gz:7" in " ".join(result.output.split())
