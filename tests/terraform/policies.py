"""What an IAM policy of ours may not say: more than the least that does the work.

A permission to invoke a function is read as the statement of the function's policy that AWS makes
of it, be it a resource of Terraform's or of a CloudFormation template.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from terraform.made import Json, resources


@dataclass(frozen=True)
class Policy:
    """A policy document and where it was found, as Terraform addresses it."""

    address: str
    document: Json


def policies(module: Json) -> Iterator[Policy]:
    """Yield every policy document among the resources of a state, as Terraform's JSON has it."""
    for resource in resources(module):
        for document in _documents(resource):
            yield Policy(resource["address"], document)


def complaints(policy: Policy) -> list[str]:
    """Return what is wrong with a policy, a sentence each."""
    return [
        f"{policy.address}: {problem}"
        for statement in _allowing(policy)
        for problem in _problems(statement)
    ]


def actions(policy: Policy) -> list[str]:
    """Return the actions that a policy allows."""
    return [
        action for statement in _allowing(policy) for action in _list(statement.get("Action", []))
    ]


def _allowing(policy: Policy) -> list[Json]:
    statements = _list(policy.document["Statement"])
    return [statement for statement in statements if statement["Effect"] == "Allow"]


WITHOUT_RESOURCES = {
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
    "ecr:GetAuthorizationToken",
    "logs:GetQueryResults",
    "logs:StopQuery",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    "tag:GetResources",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
"""Actions that know no resource ("Actions, resources, and condition keys for AWS services", Service
Authorization Reference)."""


def _problems(statement: Json) -> Iterator[str]:
    for inverted in {"NotAction", "NotResource", "NotPrincipal"} & set(statement):
        yield f"{inverted} allows whatever it does not name"
    for action in _list(statement.get("Action", [])):
        if "*" in action:
            yield f"the action {action} is more than one"
    for resource in _list(statement.get("Resource", [])):
        if _is_anything(resource) and not set(_list(statement.get("Action"))) <= WITHOUT_RESOURCES:
            yield f"the resource {resource} is any"
    if "*" in _principals(statement) and not statement.get("Condition"):
        yield "anyone may do it"
    if _is_invoked_by_a_service(statement) and not statement.get("Condition"):
        yield "a service may do it for anyone"


def _is_anything(resource: str) -> bool:
    # arn:partition:service:region:account:resource, of which S3 leaves region and account empty.
    name = resource.split(":", maxsplit=5)[-1]
    return name.strip("*:/") == ""


def _principals(statement: Json) -> list[str]:
    # "*", or lists by kind, like {"AWS": "*"}.
    principal = statement.get("Principal", {})
    kinds = principal.values() if isinstance(principal, dict) else [principal]
    return [each for kind in kinds for each in _list(kind)]


def _is_invoked_by_a_service(statement: Json) -> bool:
    # Services invoke for whoever asks them, unless a condition says for whom. Roles are another
    # matter: they are assumed for those who may pass them.
    return "lambda:InvokeFunction" in _list(statement.get("Action", [])) and any(
        ".amazonaws.com" in principal for principal in _principals(statement)
    )


def _documents(resource: Json) -> Iterator[Json]:
    values = resource["values"]
    match resource["type"]:
        case "aws_lambda_permission":
            conditions = ("source_arn", "source_account", "function_url_auth_type")
            yield _permission(
                values["action"], values["principal"], [values.get(name) for name in conditions]
            )
        case "aws_cloudformation_stack":
            yield from map(_of_template, json.loads(values["template_body"])["Resources"].values())
        case _:
            yield from (json.loads(value) for value in values.values() if _is_document(value))


def _of_template(resource: Json) -> Json:
    if resource["Type"] != "AWS::Lambda::Permission":
        raise ValueError(f"nobody reads what a {resource['Type']} allows")
    values = resource["Properties"]
    conditions = ("SourceArn", "SourceAccount", "FunctionUrlAuthType", "InvokedViaFunctionUrl")
    return _permission(
        values["Action"], values["Principal"], [values.get(name) for name in conditions]
    )


def _permission(action: str, principal: str, conditions: list[object]) -> Json:
    statement = {"Effect": "Allow", "Action": action, "Principal": principal}
    return {"Statement": {**statement, "Condition": [each for each in conditions if each]}}


def _is_document(value: object) -> bool:
    return isinstance(value, str) and '"Statement"' in value


def _list(value: Any) -> list[Any]:  # noqa: ANN401 -- one or a list of them, as IAM's JSON has it
    return value if isinstance(value, list) else [value]
