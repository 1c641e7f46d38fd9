from pathlib import Path

import pytest

from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.errors import SettingError
from headwater_local.ports import Ports
from headwater_local.sinks.counts import prepare, settings
from headwater_local.sinks.postgres_server import socket_folder
from headwater_local.supervision import part_commands
from headwater_local.supervision.run import Run


def run(folder: Path, postgres_url: str | None = None) -> Run:
    data_dir, cache = DataDir.at(folder), Cache(folder / "cache")
    return Run(data_dir, cache, Ports(), {}, sinks=("counts",), postgres_url=postgres_url)


def test_counts_in_a_database_of_its_own(tmp_path: Path) -> None:
    told = settings(run(tmp_path))

    assert told["POSTGRES_HOST"] == str(socket_folder(tmp_path / "postgres"))
    assert told["POSTGRES_DATABASE"] == "postgres"


def test_counts_in_the_database_that_is_named(tmp_path: Path) -> None:
    told = settings(run(tmp_path, "postgresql://me:secret@db.example:5433/counts"))

    assert told["POSTGRES_HOST"] == "db.example"
    assert (told["POSTGRES_PORT"], told["POSTGRES_DATABASE"]) == ("5433", "counts")
    assert "secret" not in told.values()


@pytest.mark.parametrize("url", ["db.example", "mysql://db.example/counts", "postgresql:///counts"])
def test_refuses_an_address_that_it_cannot_read(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingError, match="give one like postgresql://"):
        prepare(run(tmp_path, url))


def test_a_socket_has_a_short_path() -> None:
    deep = Path("/home") / ("a" * 200)

    assert len(str(socket_folder(deep))) < 90
    assert socket_folder(deep) == socket_folder(deep) != socket_folder(deep / "b")


def test_a_sinks_driver_never_gives_up_and_has_its_own_place(tmp_path: Path) -> None:
    environment = part_commands.sink_driver(run(tmp_path), "counts", 4600).environment

    assert '"MaximumRetryAttempts": -1' in environment["MAPPING"]
    assert environment["CONSUMER"] == "counts"
    assert environment["FAILED_PREFIX"] == "failed_sinks/counts/"
