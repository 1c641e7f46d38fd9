"""The policies name the tables that the writer makes."""

import re

from headwater_contract.tables import TABLES
from terraform.command import REPOSITORY


def test_the_lake_knows_the_tables_of_the_contract() -> None:
    lake = (REPOSITORY / "terraform" / "modules" / "lake" / "main.tf").read_text()
    [tables] = re.findall(r"(?m)^  tables = \[(.+)\]$", lake)

    assert re.findall(r'"(\w+)"', tables) == [table.name for table in TABLES]
