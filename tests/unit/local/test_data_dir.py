from pathlib import Path

import pytest

from headwater_local.data_dir import DataDir
from headwater_local.errors import DirectoryUnusableError, NotRunningError
from headwater_local.ports import Ports


def test_is_the_same_from_whatever_folder_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert DataDir.at(Path("data")) == DataDir.at(tmp_path / "data")


def test_preparing_twice_keeps_what_is_there(data_dir: DataDir) -> None:
    (data_dir.objects / "kept").write_text("bytes")

    data_dir.prepare()

    assert (data_dir.objects / "kept").read_text() == "bytes"


def test_refuses_a_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("I am a file")

    with pytest.raises(DirectoryUnusableError, match="--data-dir"):
        DataDir.at(tmp_path / "data").prepare()


def test_other_commands_find_the_ports_of_the_run(data_dir: DataDir) -> None:
    data_dir.announce(Ports(api=1, site=2, aws=3, runtime=4))

    assert data_dir.running_ports() == Ports(api=1, site=2, aws=3, runtime=4)


def test_nothing_runs_before_the_announcement_and_after_the_end(data_dir: DataDir) -> None:
    with pytest.raises(NotRunningError, match="headwater up"):
        data_dir.running_ports()
    data_dir.announce(Ports())
    data_dir.withdraw()

    with pytest.raises(NotRunningError):
        data_dir.running_ports()
