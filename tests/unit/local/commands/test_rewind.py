from pathlib import Path

import pytest
from typer.testing import CliRunner

from headwater_local.cli import commands
from headwater_local.commands.rewind import described, described_snapshots
from headwater_local.errors import NotRunningError

runner = CliRunner()

DONE = {
    "from_snapshot": 5,
    "snapshot": 2,
    "committed_at": "2026-01-31T13:37:00.123+00:00",
    "commits_left": 3,
    "rows_before": 1200,
    "rows_after": 900,
    "properties": {
        "headwater.rewound.writer/s/shard-0": "7-9",
    },
}


def test_says_to_which_snapshot_a_table_was_taken() -> None:
    [first, *properties] = described("events", DONE, dry=False)

    assert first == (
        "events is at snapshot 2 of 2026-01-31T13:37:00 UTC: rows 1,200 → 900, "
        "3 commits left behind"
    )
    assert properties == ["  headwater.rewound.writer/s/shard-0 = 7-9"]


def test_says_what_would_happen() -> None:
    [first, *_] = described("events", DONE, dry=True)

    assert first.startswith("events would be at snapshot 2 ")


def test_lists_what_can_be_rewound_to() -> None:
    snapshot = {
        "snapshot": 5781947118336215154,
        "committed_at": "2026-01-31T13:37:00.123+00:00",
        "operation": "append",
        "rows": 1200,
        "is_newest": False,
    }
    newest = snapshot | {"operation": "replace", "rows": 1200, "is_newest": True}

    assert list(described_snapshots([snapshot, newest])) == [
        "committed at (UTC)   snapshot                      rows  operation",
        "2026-01-31T13:37:00  5781947118336215154          1,200  append",
        "2026-01-31T13:37:00  5781947118336215154          1,200  replace  (the newest)",
    ]


@pytest.mark.parametrize("to", ["yesterday", "", "-5", "2026-13-01"])
def test_refuses_what_is_neither_snapshot_nor_time(to: str) -> None:
    result = runner.invoke(commands, ["rewind", "--table", "events", "--to", to])

    assert result.exit_code == 2
    assert "is neither a snapshot's id nor a time" in result.output


@pytest.mark.parametrize("options", [[], ["--to", "5", "--list"]])
def test_takes_one_of_a_target_and_the_list(options: list[str]) -> None:
    result = runner.invoke(commands, ["rewind", "--table", "events", *options])

    assert result.exit_code == 2
    assert "give one of --to and --list" in result.output


def test_refuses_a_table_that_does_not_exist() -> None:
    result = runner.invoke(commands, ["rewind", "--table", "event", "--list"])

    assert result.exit_code == 2
    assert "unknown table 'event': choose from events, identifies" in result.output


@pytest.mark.parametrize("what", [["--list"], ["--to", "2026-01-31", "--dry-run"]])
def test_needs_a_run_to_work_on(what: list[str], tmp_path: Path) -> None:
    result = runner.invoke(
        commands, ["rewind", "--table", "events", *what, "--data-dir", str(tmp_path)]
    )

    assert isinstance(result.exception, NotRunningError)
