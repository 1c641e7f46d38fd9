import json
import re
from pathlib import Path

import pytest

from terraform.command import copy_of_the_modules, needs_terraform, terraform
from terraform.policies import Policy, complaints, policies


def _all_policies(tests: Path) -> list[Policy]:
    lines = terraform(tests, "test", "-json", "-verbose").splitlines()
    states = [json.loads(line) for line in lines if '"type":"test_state"' in line]
    return [policy for state in states for policy in policies(state["test_state"]["root_module"])]


def _statement(**changes: object) -> Policy:
    statement = {
        "Effect": "Allow",
        "Action": "kinesis:PutRecords",
        "Resource": "arn:aws:kinesis:eu-west-1:123456789012:stream/events",
    }
    return Policy("role", {"Statement": [statement | changes]})


@needs_terraform
def test_every_policy_of_every_part_says_the_least(tmp_path: Path) -> None:
    found = _all_policies(copy_of_the_modules(tmp_path, "policies.tftest.hcl"))

    modules = {re.split(r"[.\[]", policy.address)[1] for policy in found}
    assert modules == {"collector", "lake", "sdk_hosting", "writer"}
    assert [complaint for policy in found for complaint in complaints(policy)] == []


@needs_terraform
def test_a_wildcard_put_in_by_hand_is_found(tmp_path: Path) -> None:
    tests = copy_of_the_modules(tmp_path, "policies.tftest.hcl")
    iam = tmp_path / "terraform" / "modules" / "writer" / "iam.tf"
    iam.write_text(iam.read_text().replace('"glue:GetTable"', '"glue:*"'))

    found = [complaint for policy in _all_policies(tests) for complaint in complaints(policy)]

    assert "module.writer.aws_iam_role_policy.writer: the action glue:* is more than one" in found


def test_accepts_one_action_on_one_resource() -> None:
    assert complaints(_statement()) == []


def test_accepts_any_object_below_a_prefix() -> None:
    assert complaints(_statement(Resource="arn:aws:s3:::bucket/lake/*")) == []


def test_accepts_to_deny_everything() -> None:
    assert complaints(_statement(Effect="Deny", Action="s3:*", Principal="*")) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"Action": ["kinesis:PutRecords", "glue:*"]},
        {"Action": "s3:Get*"},
        {"Action": "*"},
        {"Resource": "*"},
        {"Resource": ["arn:aws:kinesis:eu-west-1:123456789012:*"]},
        {"Resource": "arn:aws:s3:::*"},
        {"NotAction": "iam:CreateUser"},
        {"NotResource": "arn:aws:s3:::bucket"},
        {"Principal": "*"},
    ],
)
def test_refuses_more_than_is_needed(changes: dict[str, object]) -> None:
    assert len(complaints(_statement(**changes))) == 1
