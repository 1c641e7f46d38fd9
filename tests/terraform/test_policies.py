import json
import re
from pathlib import Path

import pytest

from terraform.command import copy_of_the_modules, needs_terraform
from terraform.made import Json, stacks_of
from terraform.policies import Policy, actions, complaints, policies


def _all_policies(made: list[Json]) -> list[Policy]:
    return [policy for module in made for policy in policies(module)]


def _statement(**changes: object) -> Policy:
    statement = {
        "Effect": "Allow",
        "Action": "kinesis:PutRecords",
        "Resource": "arn:aws:kinesis:eu-west-1:123456789012:stream/events",
    }
    return Policy("role", {"Statement": [statement | changes]})


@needs_terraform
def test_every_policy_of_every_part_says_the_least(made: list[Json]) -> None:
    found = _all_policies(made)

    modules = {re.split(r"[.\[]", policy.address)[1] for policy in found}
    sinks = {"archive", "counts", "history"}
    operation = {"canary", "maintenance", "observability", "optimizers", "replay"}
    beside = {"poller", "sdk_hosting"} | operation | sinks
    assert modules == {"cluster", "collector", "committer", "lake", "reports", "writer"} | beside
    assert [complaint for policy in found for complaint in complaints(policy)] == []


@needs_terraform
def test_no_role_may_delete_for_good_or_change_what_a_bucket_keeps(made: list[Json]) -> None:
    allowed = {action for policy in _all_policies(made) for action in actions(policy)}

    on_buckets = {action for action in allowed if action.startswith("s3:")}
    assert on_buckets == {
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
    }


@needs_terraform
def test_sinks_may_keep_what_their_mapping_gives_up_on(made: list[Json]) -> None:
    of_sinks = re.compile(r"module\.(history|counts)\b.*\bmodule\.writer\.")
    found = [set(actions(each)) for each in _all_policies(made) if of_sinks.search(each.address)]
    on_stream = [allowed for allowed in found if "kinesis:GetRecords" in allowed]

    assert len(on_stream) >= 2
    assert all(allowed >= {"s3:PutObject", "s3:ListBucket"} for allowed in on_stream)


@needs_terraform
def test_a_wildcard_put_in_by_hand_is_found(tmp_path: Path) -> None:
    tests = copy_of_the_modules(tmp_path, "writer.tftest.hcl")
    iam = tmp_path / "terraform" / "modules" / "writer" / "iam.tf"
    iam.write_text(iam.read_text().replace('"glue:CreateTable"', '"glue:*"'))

    found = _complaints(_all_policies(stacks_of(tests).made))

    role_policy = "module.function.aws_iam_role_policy.function"
    assert f"{role_policy}: the action glue:* is more than one" in found


def _resource(kind: str, **values: object) -> list[Policy]:
    resource = {"address": f"{kind}.it", "type": kind, "values": values}
    return list(policies({"resources": [resource]}))


def _complaints(found: list[Policy]) -> list[str]:
    return [complaint for policy in found for complaint in complaints(policy)]


def _template(kind: str, **properties: object) -> list[Policy]:
    body = json.dumps({"Resources": {"It": {"Type": kind, "Properties": properties}}})
    return _resource("aws_cloudformation_stack", template_body=body)


PERMISSION = {"action": "lambda:InvokeFunction", "principal": "*"}
OF_API = {**PERMISSION, "principal": "apigateway.amazonaws.com"}


@pytest.mark.parametrize(
    "values",
    [
        {**OF_API, "source_arn": "arn:aws:execute-api:eu-west-1:123456789012:api/*"},
        {"action": "lambda:InvokeFunctionUrl", "principal": "*", "function_url_auth_type": "NONE"},
    ],
)
def test_accepts_a_permission_for_one_caller(values: dict[str, object]) -> None:
    assert _complaints(_resource("aws_lambda_permission", **values)) == []


@pytest.mark.parametrize(
    "values",
    [PERMISSION, {**PERMISSION, "action": "lambda:*", "source_arn": "arn"}, OF_API],
    ids=["anyone", "anything", "anyone's API"],
)
def test_refuses_a_permission_for_more(values: dict[str, object]) -> None:
    assert len(_complaints(_resource("aws_lambda_permission", **values))) == 1


def test_reads_the_permissions_of_a_template() -> None:
    anyone = {"Action": "lambda:InvokeFunction", "Principal": "*"}

    by_url = _template("AWS::Lambda::Permission", **anyone, InvokedViaFunctionUrl=True)
    past_it = _template("AWS::Lambda::Permission", **anyone)

    assert _complaints(by_url) == []
    assert _complaints(past_it) == ["aws_cloudformation_stack.it: anyone may do it"]


def test_refuses_a_template_that_it_cannot_read() -> None:
    with pytest.raises(ValueError, match="nobody reads what a AWS::IAM::Role allows"):
        _template("AWS::IAM::Role")


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
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": ["arn:aws:iam::123456789012:root", "*"]}},
        {"Principal": "*", "Condition": {}},
    ],
)
def test_refuses_more_than_is_needed(changes: dict[str, object]) -> None:
    assert len(complaints(_statement(**changes))) == 1
