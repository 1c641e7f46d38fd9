"""The buckets of whole stacks: who reads them, and which of them a destroy may empty."""

import json

from terraform.command import needs_terraform
from terraform.made import Json, Stacks, of_kind

pytestmark = needs_terraform

DATA, SDK = "sample-data-123456789012-eu-west-1", "sample-sdk-123456789012-eu-west-1"
OF_SINKS = [f"sample-{sink}-123456789012-eu-west-1" for sink in ("raw", "history", "counts")]


def _emptied(stack: Json) -> dict[str, bool]:
    buckets = of_kind(stack, "aws_s3_bucket", "bucket")
    return {name: bucket["force_destroy"] for name, bucket in buckets.items()}


def test_a_destroy_empties_the_data_bucket_only_if_asked(stacks: Stacks) -> None:
    [by_default] = stacks.planned

    assert _emptied(by_default) == {DATA: False, SDK: True}
    assert _emptied(stacks.made[0]) == dict.fromkeys((DATA, SDK, *OF_SINKS), True)


def test_only_the_distribution_of_the_sdk_reads_a_bucket(stacks: Stacks) -> None:
    policies = of_kind(stacks.made[0], "aws_s3_bucket_policy", "bucket").values()

    readers = [
        statement["Condition"]
        for policy in policies
        for statement in json.loads(policy["policy"])["Statement"]
        if statement["Effect"] == "Allow"
    ]

    distribution = "arn:aws:cloudfront::123456789012:distribution/MOCKED"
    assert len(policies) == 2 + len(OF_SINKS)
    assert readers == [{"StringEquals": {"aws:SourceArn": distribution}}]
