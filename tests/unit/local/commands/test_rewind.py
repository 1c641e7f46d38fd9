import pytest
from typer.testing import CliRunner

from headwater_local.cli import commands
from headwater_local.commands.rewind import described

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


def test_tells_where_a_table_was_taken_and_the_way_back() -> None:
    assert list(described("events", DONE, dry=False)) == [
        "events is at snapshot 2 of 2026-01-31 13:37 UTC: rows 1,200 → 900, 3 commits left behind",
        "  headwater.rewound.writer/s/shard-0 = 7-9",
        "Back again: headwater rewind --table events --to 5",
    ]


def test_tells_what_would_happen() -> None:
    [first, *_] = described("events", DONE, dry=True)

    assert first.startswith("events would be at snapshot 2 ")


@pytest.mark.parametrize("to", ["yesterday", "", "-5", "2026-13-01"])
def test_refuses_what_is_neither_snapshot_nor_time(to: str) -> None:
    result = CliRunner().invoke(commands, ["rewind", "--table", "events", "--to", to])

    assert result.exit_code == 2
    assert "neither a snapshot's id nor a time" in result.output
