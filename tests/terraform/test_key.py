"""A key of the deployer's own encrypts all that holds events, or what is said of them."""

from collections.abc import Mapping
from typing import Any

import pytest

from terraform.command import needs_terraform
from terraform.made import Json, of_kind, resources

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"

KEYS: Mapping[str, tuple[str, str]] = {
    "aws_cloudwatch_log_group": ("name", "kms_key_id"),
    "aws_kinesis_stream": ("name", "kms_key_id"),
    "aws_lambda_function": ("function_name", "kms_key_arn"),
    "aws_sns_topic": ("name", "kms_master_key_id"),
    "aws_sqs_queue": ("name", "kms_master_key_id"),
}
"""By the kind of a resource: the attribute that names it, and the one that names its key."""

pytestmark = needs_terraform


@pytest.mark.parametrize("kind", KEYS)
def test_it_encrypts_every_resource_of_a_kind(made: list[Json], kind: str) -> None:
    named_by, key = KEYS[kind]
    found = of_kind(made[0], kind, named_by)

    assert found
    assert {name: values[key] for name, values in found.items()} == dict.fromkeys(found, KEY)


def rules(stack: Json) -> dict[str, tuple[Any, ...]]:
    """Return algorithm, key and whether there is a bucket key, by the module of each bucket."""
    kind = "aws_s3_bucket_server_side_encryption_configuration"
    return {
        each["address"].rpartition(f".{kind}")[0]: (
            rule["apply_server_side_encryption_by_default"][0]["sse_algorithm"],
            rule["apply_server_side_encryption_by_default"][0]["kms_master_key_id"] or None,
            rule["bucket_key_enabled"],
        )
        for each in resources(stack)
        if each["type"] == kind
        for rule in each["values"]["rule"]
    }


def test_it_encrypts_every_bucket_that_is_not_public(made: list[Json]) -> None:
    found = rules(made[0])

    assert found.pop("module.sdk_hosting[0].module.bucket")[0] == "AES256"
    assert len(found) == 4  # Data, archive, and what the history and the counts gave up on.
    assert set(found.values()) == {("aws:kms", KEY, True)}


def test_results_of_queries_are_encrypted_by_it(made: list[Json]) -> None:
    [workgroup] = of_kind(made[0], "aws_athena_workgroup", "name").values()
    [result] = workgroup["configuration"][0]["result_configuration"]

    assert result["encryption_configuration"] == [
        {"encryption_option": "SSE_KMS", "kms_key_arn": KEY}
    ]


def test_without_one_no_role_has_rights_on_keys(made: list[Json]) -> None:
    policies = of_kind(made[1], "aws_iam_role_policy", "id").values()

    assert [each["policy"] for each in policies if "kms:" in each["policy"]] == []
