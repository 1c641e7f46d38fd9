"""The stand-in takes one of the updates that name the same version of a table, as Glue does."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from headwater_local import aws_client
from integration.conftest import StandIn

WRITERS: Final = 8
ROUNDS: Final = 20

SLOW_CLOCK: Final = """
import time

told = time.time


def tell():
    time.sleep(0.005)
    return told()


time.time = tell
"""
"""Lets other threads run whenever the time is asked, as it is in the midst of an update."""


def test_one_of_the_updates_of_a_version_succeeds(own_stand_in: StandIn, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW_CLOCK)
    own_stand_in.start(tmp_path)
    clients = [aws_client.glue(own_stand_in.endpoint) for _ in range(WRITERS)]
    clients[0].create_database(DatabaseInput={"Name": "locked"})
    clients[0].create_table(DatabaseName="locked", TableInput={"Name": "table"})

    def succeeds(writer: int, version: int) -> bool:
        try:
            clients[writer].update_table(
                DatabaseName="locked", TableInput={"Name": "table"}, VersionId=str(version)
            )
        except clients[writer].exceptions.ConcurrentModificationException:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        for version in range(1, ROUNDS + 1):
            told = pool.map(succeeds, range(WRITERS), [version] * WRITERS)
            assert sum(told) == 1
