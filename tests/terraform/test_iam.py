"""Each function's role, the poller's and the cluster's allow what is asked of AWS, and no more.

They run with the settings that a stack of the mocked AWS gives them, on a stand-in that
records their requests, and the policies of that stack are held against the recording. Why so is in
docs/adr/0017, and what this cannot show in docs/security.md.
"""

import copy
from collections.abc import Iterable
from typing import Any

import pytest

from iam.judge import refused, spare
from iam.requests import Request, recorded
from iam.scenario import Scenario
from iam.stack import CLUSTER, POLLER, ROLES, Stack
from iam.surroundings import Surroundings, prepare
from iam.verdict import missing, needed, superfluous
from terraform.command import needs_terraform
from terraform.made import Stacks
from terraform.stand_in import RECORDING, stand_in

pytestmark = [
    needs_terraform,
    pytest.mark.spark,
    pytest.mark.timeout(1800),  # The first waits for Terraform and three Sparks.
]


@pytest.fixture(scope="session")
def stack(stacks: Stacks) -> Stack:
    """The stack that has every part."""
    return Stack(stacks.made[0])


@pytest.fixture(scope="session")
def requests(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> list[Request]:
    """What the functions ask for while they do everything that they do."""
    folder = tmp_path_factory.mktemp("roles")
    with stand_in(folder, {}, stack.owner.account) as endpoint:
        at = Surroundings(stack, endpoint, folder)
        prepare(at)
        Scenario(at).play()
    return recorded(folder / RECORDING)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_allows_all_that_its_function_asks_for(
    stack: Stack, requests: list[Request], role: str
) -> None:
    assert needed(stack, role, requests)
    assert missing(stack, role, requests) == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_allows_nothing_that_its_function_does_not_ask_for(
    stack: Stack, requests: list[Request], role: str
) -> None:
    assert superfluous(stack, role, requests) == []


def test_every_function_is_looked_at(stack: Stack) -> None:
    assert stack.functions == {*ROLES} - {CLUSTER, POLLER}


def changed(policy: dict[str, Any], sid: str, actions: Iterable[str]) -> dict[str, Any]:
    """Return the policy with other actions in one of its statements."""
    policy = copy.deepcopy(policy)
    [statement] = [each for each in policy["Statement"] if each["Sid"] == sid]
    statement["Action"] = list(actions)
    return policy


def test_an_action_that_is_taken_out_is_missed(stack: Stack, requests: list[Request]) -> None:
    without_updates = changed(stack.policy("maintenance"), "Tables", ["glue:GetTable"])

    told = refused(without_updates, needed(stack, "maintenance", requests))

    assert len(told) == 5  # The catalog, the database and its three tables.
    assert all("needs glue:UpdateTable" in each for each in told)


def test_an_action_that_is_added_is_found(stack: Stack, requests: list[Request]) -> None:
    writable = changed(
        stack.policy("collector"), "Stream", ["kinesis:PutRecord", "kinesis:PutRecords"]
    )

    told = spare(writable, needed(stack, "collector", requests))

    assert "no request needs kinesis:PutRecord in Stream: take it out" in told
