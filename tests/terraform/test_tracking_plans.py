"""The tracking plan of the tests is one that the writer takes."""

from headwater_writer.tracking_plan.parse import parse
from terraform.command import REPOSITORY


def test_the_writer_takes_what_is_deployed() -> None:
    plan = REPOSITORY / "tests" / "terraform" / "plans" / "good.yaml"

    assert parse(plan.read_bytes()).columns
