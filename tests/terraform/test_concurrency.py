"""Who may run how often at a time, in an account that other things run in."""

from terraform.command import needs_terraform
from terraform.made import Json, resources

UNRESERVED = -1


def _limits(module: Json) -> dict[str, int]:
    return {
        resource["values"]["function_name"]: resource["values"]["reserved_concurrent_executions"]
        for resource in resources(module)
        if resource["type"] == "aws_lambda_function" and "collector" not in resource["address"]
    }


@needs_terraform
def test_writers_are_as_many_as_resharding_makes_shards(made: list[Json]) -> None:
    one_shard, on_demand = map(_limits, made)

    assert one_shard == {"sample-writer": 2, "sample-maintenance": 2, "sample-replay": 2}
    assert on_demand == {"sample-writer": UNRESERVED, "sample-replay": 2}
