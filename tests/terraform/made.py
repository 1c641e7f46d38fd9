"""What the modules make of a mocked AWS, read back from Terraform's state."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from terraform.command import terraform

Json = Mapping[str, Any]


def made_by(tests: Path) -> list[Json]:
    """Apply each run of the tests in a folder, and return the root module of each."""
    lines = terraform(tests, "test", "-json", "-verbose").splitlines()
    states = [json.loads(line) for line in lines if '"type":"test_state"' in line]
    return [state["test_state"]["root_module"] for state in states]


def resources(module: Json) -> Iterator[Json]:
    """Yield the resources of a module and of all modules below it."""
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from resources(child)
