from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from headwater_local import cli
from headwater_local.commands.replay import followed
from headwater_local.errors import NotRunningError

runner = CliRunner()


def report(then: object = None, **outcome: object) -> dict[str, Any]:
    counts = {"replayed": 0, "already": 0, "set_aside": 0, "failing": {}}
    return {"done": 1, "of": 1, **counts, **outcome, "then": then}


def test_asks_for_the_rest_and_counts_it_all() -> None:
    rest = {"replay": {"stage": "shape", "after": ["s", "7"]}}
    reports = [
        report(replayed=3, failing={"shape: no": 1}, then=rest),
        report(replayed=4, already=5, failing={"shape: no": 2, "decode: no": 1}),
    ]
    asked: list[Mapping[str, Any]] = []

    def invoke(event: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(event)
        return reports[len(asked) - 1]

    found = followed(invoke, {"replay": {"stage": "shape"}})

    assert asked == [{"replay": {"stage": "shape"}}, rest]
    assert (found["replayed"], found["already"], found["set_aside"]) == (7, 5, 0)
    assert found["failing"] == {"shape: no": 3, "decode: no": 1}


def test_ends_with_the_first_error() -> None:
    assert followed(lambda _event: {"error": "the log says why"}, {"given_up": {}}) == {
        "error": "the log says why"
    }


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
        (["--app", ""], "`app` is empty: give it a value, or leave it out"),
        (["--where", "true"], "No such option"),
    ],
)
def test_refuses_a_filter_before_anything_starts(
    option: list[str], sentence: str, tmp_path: Path
) -> None:
    result = runner.invoke(cli.commands, ["replay", *option, "--data-dir", str(tmp_path)])

    printed = " ".join(result.output.replace("│", "").split())
    assert result.exit_code == 2
    assert sentence in printed
    assert "$." not in printed


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
    assert result.output == ""
