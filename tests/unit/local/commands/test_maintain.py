from pathlib import Path

import pytest
from typer.testing import CliRunner

from headwater_local.cli import commands
from headwater_local.commands.maintain import described
from headwater_local.errors import NotRunningError

runner = CliRunner()

BEFORE = {"rows": 13, "files": 1440, "bytes": 18_200_000, "snapshots": 380}
AFTER = {"rows": 12, "files": 3, "bytes": 4_100_000, "snapshots": 361}


def step(name: str, outcome: str = "done", **fields: object) -> dict[str, object]:
    return {"step": name, "outcome": outcome, "seconds": 1.24, "counts": {}, "error": None} | fields


def test_prints_what_was_done_to_a_table() -> None:
    steps = [
        step("repeats", counts={"repeats_deleted": 1}),
        step("compaction", counts={"files_rewritten": 1440, "files_added": 3}),
        step("orphans", counts={"orphans_deleted": 0}),
    ]
    report = {"table": "events", "before": BEFORE, "after": AFTER, "steps": steps, "refused": None}

    assert list(described(report)) == [
        "events: files 1,440 → 3, 18.2 MB → 4.1 MB, rows 13 → 12, snapshots 380 → 361",
        "  repeats     1 repeats deleted (1.2 s)",
        "  compaction  1,440 files rewritten, 3 files added (1.2 s)",
        "  orphans     nothing to do (1.2 s)",
    ]


def test_prints_why_a_table_was_left_alone() -> None:
    report = {
        "table": "events",
        "before": BEFORE,
        "after": BEFORE,
        "steps": [],
        "refused": "maintenance-1 is working on it",
    }

    assert list(described(report))[1:] == ["  left alone: maintenance-1 is working on it"]


def test_prints_a_failure_in_one_line() -> None:
    steps = [step("expiry", "failed", error="no such bucket\n\tat a.b.C\n\tat d.e.F")]
    report = {"table": "events", "before": BEFORE, "after": AFTER, "steps": steps, "refused": None}

    assert list(described(report))[1:] == ["  expiry      failed: no such bucket (1.2 s)"]


def test_prints_what_went_wrong_with_a_table() -> None:
    report: dict[str, object] = {
        "table": "events",
        "before": BEFORE,
        "after": None,
        "steps": [],
        "refused": None,
        "error": "NotFoundException: no such file\n\tat a.b.C",
    }

    assert list(described(report)) == [
        "events: its size is not known",
        "  failed: NotFoundException: no such file",
    ]


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (["--table", "people"], "unknown table 'people': choose from events, identifies,"),
        (["--step", "sweeping"], "unknown step 'sweeping': choose from compaction, manifests,"),
    ],
)
def test_refuses_what_does_not_exist_before_anything_starts(
    option: list[str], sentence: str
) -> None:
    result = runner.invoke(commands, ["maintain", *option])

    assert result.exit_code == 2
    assert sentence in " ".join(result.output.replace("│", "").split())


@pytest.mark.parametrize("option", [[], ["--table", "events", "--table", "identifies"]])
def test_needs_a_run_to_work_on(option: list[str], tmp_path: Path) -> None:
    result = runner.invoke(commands, ["maintain", *option, "--data-dir", str(tmp_path)])

    assert isinstance(result.exception, NotRunningError)
