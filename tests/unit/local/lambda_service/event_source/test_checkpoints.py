from pathlib import Path

import pytest

from headwater_local.lambda_service.event_source.checkpoints import Checkpoint, CheckpointFile
from headwater_local.lambda_service.event_source.stream import (
    AfterSequence,
    AtTimestamp,
    TrimHorizon,
)

CHECKPOINTS = {
    "shardId-0": Checkpoint(AfterSequence("4959")),
    "shardId-1": Checkpoint(AtTimestamp(1_750_000_000.5)),
    "shardId-2": Checkpoint(TrimHorizon(), ended=True),
}


def _saved(path: Path) -> CheckpointFile:
    file = CheckpointFile(path)
    for shard_id, checkpoint in CHECKPOINTS.items():
        file.save(shard_id, checkpoint)
    return file


def test_begins_without_checkpoints(tmp_path: Path) -> None:
    assert CheckpointFile(tmp_path / "checkpoints.json").load() == {}


def test_another_process_finds_what_was_saved(tmp_path: Path) -> None:
    _saved(tmp_path / "checkpoints.json")

    assert CheckpointFile(tmp_path / "checkpoints.json").load() == CHECKPOINTS


def test_a_save_replaces_the_checkpoint_of_its_shard_alone(tmp_path: Path) -> None:
    _saved(tmp_path / "checkpoints.json")
    other = CheckpointFile(tmp_path / "checkpoints.json")
    other.load()

    other.save("shardId-0", Checkpoint(AfterSequence("5000")))

    assert CheckpointFile(tmp_path / "checkpoints.json").load() == {
        **CHECKPOINTS,
        "shardId-0": Checkpoint(AfterSequence("5000")),
    }


def test_survives_a_crash_in_the_middle_of_a_save(tmp_path: Path) -> None:
    _saved(tmp_path / "checkpoints.json")
    (tmp_path / "checkpoints.json.new").write_text('{"shardId-0": {"posi')

    assert CheckpointFile(tmp_path / "checkpoints.json").load() == CHECKPOINTS


@pytest.mark.parametrize("content", ["", "[1]", '{"shardId-0": {"position": {"type": "MIDDLE"}}}'])
def test_refuses_a_file_that_is_not_its_own(tmp_path: Path, content: str) -> None:
    (tmp_path / "checkpoints.json").write_text(content)

    with pytest.raises(ValueError, match="does not hold checkpoints"):
        CheckpointFile(tmp_path / "checkpoints.json").load()
