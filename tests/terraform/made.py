"""What the modules make of a mocked AWS, or would make, read back from Terraform's tests."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from terraform.command import terraform

Json = Mapping[str, Any]


class Stacks(NamedTuple):
    """The root module of each run, in order: those that were applied, and those only planned."""

    made: list[Json]
    planned: list[Json]


def stacks_of(tests: Path) -> Stacks:
    """Run the tests of a folder."""
    lines = terraform(tests, "test", "-json", "-verbose").splitlines()
    messages = [json.loads(line) for line in lines]
    return Stacks(
        made=[each["test_state"]["root_module"] for each in _of_type(messages, "test_state")],
        planned=[_to_be_made(each["test_plan"]) for each in _of_type(messages, "test_plan")],
    )


def resources(module: Json) -> Iterator[Json]:
    """Yield the resources of a module and of all modules below it."""
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from resources(child)


def of_kind(module: Json, kind: str, named_by: str) -> dict[str, Json]:
    """Return the attributes of all resources of a type, by the attribute that names each."""
    found = [each["values"] for each in resources(module) if each["type"] == kind]
    return {values[named_by]: values for values in found}


def _of_type(messages: list[Json], kind: str) -> list[Json]:
    return [message for message in messages if message["type"] == kind]


def _to_be_made(plan: Json) -> Json:
    changes = plan["resource_changes"]
    return {"resources": [{**each, "values": each["change"]["after"]} for each in changes]}
