from pathlib import Path

import pytest
from typer.testing import CliRunner

from headwater_local import cli
from headwater_local.commands.replay import Progress, read
from headwater_local.errors import LakeError, NotRunningError

runner = CliRunner()

LINE = {
    "done": 1,
    "of": 2,
    "replayed": 3,
    "already": 4,
    "set_aside": 5,
    "failing": {"shape: no": 6},
}


def test_reads_how_far_it_is() -> None:
    assert list(read([LINE])) == [Progress(1, 2, 3, 4, 5, {"shape: no": 6})]


def test_says_that_a_condition_makes_no_sense() -> None:
    with pytest.raises(LakeError, match="The condition cannot be used: no such column"):
        list(read([{"error": "no such column"}]))


def test_explains_itself() -> None:
    assert runner.invoke(cli.commands, ["replay", "--help"]).exit_code == 0


@pytest.mark.parametrize("other", [["--dry-run"], ["--where", "true"]])
def test_takes_given_up_batches_as_they_are(other: list[str]) -> None:
    assert runner.invoke(cli.commands, ["replay", "--given-up", *other]).exit_code == 2


@pytest.mark.parametrize("option", [[], ["--given-up"]])
def test_needs_a_run_to_work_on(option: list[str], tmp_path: Path) -> None:
    result = runner.invoke(cli.commands, ["replay", *option, "--data-dir", str(tmp_path)])

    assert isinstance(result.exception, NotRunningError)
