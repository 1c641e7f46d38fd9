"""What an IAM policy of ours may not say: more than the least that does the work."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Policy:
    """A policy document and where it was found, like `module.writer.aws_iam_role_policy.writer`."""

    address: str
    document: Json


def policies(module: Json) -> Iterator[Policy]:
    """Yield every policy document among the resources of a state, as Terraform's JSON has it."""
    for resource in module.get("resources", []):
        for value in resource["values"].values():
            document = _document(value)
            if document is not None:
                yield Policy(resource["address"], document)
    for child in module.get("child_modules", []):
        yield from policies(child)


def complaints(policy: Policy) -> list[str]:
    """Return what is wrong with a policy, a sentence each."""
    found = []
    for statement in _list(policy.document["Statement"]):
        if statement["Effect"] == "Allow":
            found += [f"{policy.address}: {problem}" for problem in _problems(statement)]
    return found


def _problems(statement: Json) -> Iterator[str]:
    for inverted in {"NotAction", "NotResource", "NotPrincipal"} & set(statement):
        yield f"{inverted} allows whatever it does not name"
    for action in _list(statement.get("Action", [])):
        if "*" in action:
            yield f"the action {action} is more than one"
    for resource in _list(statement.get("Resource", [])):
        if _is_anything(resource):
            yield f"the resource {resource} is any"
    if "*" in _list(statement.get("Principal", [])) and "Condition" not in statement:
        yield "anyone may do it"


def _is_anything(resource: str) -> bool:
    # arn:partition:service:region:account:resource, of which S3 leaves region and account empty.
    name = resource.split(":", maxsplit=5)[-1]
    return name.strip("*:/") == ""


def _document(value: object) -> Json | None:
    if not isinstance(value, str) or '"Statement"' not in value:
        return None
    document: Json = json.loads(value)
    return document


def _list(value: Any) -> list[Any]:  # noqa: ANN401 -- one or a list of them, as IAM's JSON has it
    return value if isinstance(value, list) else [value]
