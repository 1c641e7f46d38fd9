from pathlib import Path

import pytest
from typer.testing import CliRunner

from headwater_local import cli
from headwater_local.commands.replay import Progress, read
from headwater_local.errors import NotRunningError

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


def test_explains_itself() -> None:
    assert runner.invoke(cli.commands, ["replay", "--help"]).exit_code == 0


@pytest.mark.parametrize("other", [["--dry-run"], ["--app", "shop"]])
def test_takes_given_up_batches_as_they_are(other: list[str]) -> None:
    assert runner.invoke(cli.commands, ["replay", "--given-up", *other]).exit_code == 2


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (["--stage", "shapes"], "collector, decode, shape, plan or retry"),
        (["--from", "yesterday"], "write 2026-01-31"),
        (["--to", "'2026' or true"], "write 2026-01-31"),
        (["--from", "2026-02-01", "--to", "2026-01-31"], "earlier"),
        (["--app", ""], "`app` is empty"),
        (["--where", "true"], "No such option"),
    ],
)
def test_refuses_a_filter_before_anything_starts(
    option: list[str], sentence: str, tmp_path: Path
) -> None:
    result = runner.invoke(cli.commands, ["replay", *option, "--data-dir", str(tmp_path)])

    assert result.exit_code == 2
    assert sentence in " ".join(result.output.replace("│", "").split())


@pytest.mark.parametrize(
    "option",
    [
        [],
        ["--given-up"],
        ["--stage=shape", "--app=shop", "--from=2026-01-31", "--to=2026-02-01", "--reason=-1%"],
        ["--shard=clicks/shardId-000000000000", "--sequence=7", "--dry-run"],
    ],
)
def test_needs_a_run_to_work_on(option: list[str], tmp_path: Path) -> None:
    result = runner.invoke(cli.commands, ["replay", *option, "--data-dir", str(tmp_path)])

    assert isinstance(result.exception, NotRunningError)
