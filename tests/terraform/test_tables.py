"""Terraform names the tables that the writer makes, and hands it the views."""

import re

from headwater_contract.tables import TABLES
from headwater_local.questions import pack
from iam.stack import Stack
from terraform.command import REPOSITORY, needs_terraform
from terraform.made import Json


def test_the_lake_knows_the_tables_of_the_contract() -> None:
    lake = (REPOSITORY / "terraform" / "modules" / "lake" / "main.tf").read_text()
    [tables] = re.findall(r"(?m)^  tables = \[(.+)\]$", lake)

    assert re.findall(r'"(\w+)"', tables) == [table.name for table in TABLES]


@needs_terraform
def test_a_deployment_makes_the_views_that_are_tested(made: list[Json]) -> None:
    assert Stack(made[0]).deployment_event == {"Records": [], "views": pack.views()}
