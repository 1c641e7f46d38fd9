import pytest

from headwater_local.commands.maintain import StepOption, described, has_failed
from headwater_writer.maintenance.steps import NAMES

BEFORE = {"rows": 13, "files": 1440, "bytes": 18_200_000, "snapshots": 380}
AFTER = {"rows": 12, "files": 3, "bytes": 4_100_000, "snapshots": 361}


def step(name: str, outcome: str = "done", **fields: object) -> dict[str, object]:
    return {"step": name, "outcome": outcome, "seconds": 1.24, "counts": {}, "error": None} | fields


def test_offers_the_steps_that_there_are() -> None:
    assert [option.value for option in StepOption] == list(NAMES)


def test_tells_what_was_done_to_a_table() -> None:
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


def test_tells_why_a_table_was_left_alone() -> None:
    report = {
        "table": "events",
        "before": BEFORE,
        "after": BEFORE,
        "steps": [],
        "refused": "maintenance-1 is at work on it",
    }

    assert list(described(report))[1:] == ["  left alone: maintenance-1 is at work on it"]


def test_tells_what_failed_in_one_line() -> None:
    steps = [step("expiry", "failed", error="no such bucket\n\tat a.b.C\n\tat d.e.F")]
    report = {"table": "events", "before": BEFORE, "after": AFTER, "steps": steps, "refused": None}

    assert list(described(report))[1:] == ["  expiry      failed: no such bucket (1.2 s)"]


def test_tells_what_went_wrong_with_a_table() -> None:
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
    ("error", "outcome", "failed"),
    [
        (None, "done", False),
        (None, "cut off", False),
        (None, "failed", True),
        ("no such file", "done", True),
    ],
)
def test_knows_when_something_failed(error: str | None, outcome: str, failed: bool) -> None:
    assert has_failed({"error": error, "steps": [step("expiry", outcome)]}) is failed
