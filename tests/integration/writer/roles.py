"""What the tests of the writer ask AWS for, held against the writer's role.

All functions work through one Spark in them and sign alike, as a writer, who may do to the tables
what the others may. Which role needs what is in `tests/terraform/test_iam.py`.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from iam.judge import refused
from iam.needs import needs
from iam.requests import Request
from iam.stack import Stack

AS_A_WRITER: Final = {"AWS_ACCESS_KEY_ID": "writer"}
"""By this key the recording knows what comes from a writer."""

_OF_OTHERS: Final = {"DeleteTable", "ListShards", "GetShardIterator", "GetRecords"}
"""What tests do through the same Spark, and a function does to tables in memory alone; and how a
cluster's tasks read the stream, which for a function the mapping does."""


def not_allowed(stack: Stack, requests: Iterable[Request]) -> list[str]:
    """Return what writers asked for and their role in a stack does not allow, a sentence each."""
    own = [
        _in(stack, each)
        for each in requests
        if each.key == AS_A_WRITER["AWS_ACCESS_KEY_ID"] and each.operation not in _OF_OTHERS
    ]
    asked = {need for each in own for need in needs(each, stack.owner)}
    return refused(stack.policy("writer"), asked)


def _in(stack: Stack, request: Request) -> Request:
    """Return a request with the names of a stack in place of a test's own."""
    _, _, *key = request.path.split("/", 2)
    return replace(
        request,
        region=stack.region,
        path="/".join(("", stack.bucket, *key)),
        names={**request.names, "DatabaseName": stack.database},
    )
