from pathlib import Path

import pytest

from headwater_writer.tracking_plan.parse import parse
from headwater_writer.tracking_plan.plan import TYPES, TrackingPlanError

REPOSITORY = Path(__file__).parents[2]
PLANS = REPOSITORY / "tests" / "terraform" / "plans"


def test_terraform_knows_the_types_that_the_writer_knows() -> None:
    types = ", ".join(f'"{each}"' for each in TYPES)

    assert f"contains([{types}], " in (REPOSITORY / "terraform" / "variables.tf").read_text()


def test_the_writer_takes_what_terraform_takes() -> None:
    assert parse((PLANS / "good.yaml").read_bytes()).columns


@pytest.mark.parametrize("name", ["no_events", "unknown_choice", "unknown_type"])
def test_the_writer_refuses_what_terraform_refuses(name: str) -> None:
    with pytest.raises(TrackingPlanError):
        parse((PLANS / f"{name}.yaml").read_bytes())
