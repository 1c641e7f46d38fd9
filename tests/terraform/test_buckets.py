"""The buckets of whole stacks: who reads them, and which of them a destroy may empty."""

import json

from terraform.command import needs_terraform
from terraform.made import Json, Stacks, of_kind

pytestmark = needs_terraform

DATA, SDK, ARCHIVE = (f"sample-{each}-123456789012-eu-west-1" for each in ("data", "sdk", "raw"))


def _emptied(stack: Json) -> dict[str, bool]:
    buckets = of_kind(stack, "aws_s3_bucket", "bucket")
    return {name: bucket["force_destroy"] for name, bucket in buckets.items()}


def test_a_destroy_empties_the_data_bucket_only_if_asked(stacks: Stacks) -> None:
    [by_default] = stacks.planned

    assert _emptied(by_default) == {DATA: False, SDK: True}
    assert _emptied(stacks.made[0]) == {DATA: True, SDK: True, ARCHIVE: True}


def test_only_the_distribution_of_the_sdk_reads_a_bucket(stacks: Stacks) -> None:
    policies = of_kind(stacks.made[0], "aws_s3_bucket_policy", "bucket").values()

    readers = [
        statement["Condition"]
        for policy in policies
        for statement in json.loads(policy["policy"])["Statement"]
        if statement["Effect"] == "Allow"
    ]

    distribution = "arn:aws:cloudfront::123456789012:distribution/MOCKED"
    assert len(policies) == 3
    assert readers == [{"StringEquals": {"aws:SourceArn": distribution}}]
