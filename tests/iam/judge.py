"""The judge of a role's policy: it allows what is needed, and nothing of it can be spared."""

import copy
import json
import os
import subprocess
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from headwater_local.cache import Cache
from headwater_local.ministack import aws
from iam.needs import Need

Policy: TypeAlias = Mapping[str, Any]
"""A policy document whose statements list their actions and resources, and have a `Sid`."""


def refused(policy: Policy, needed: Collection[Need]) -> list[str]:
    """Return the needs that a policy does not allow, a sentence each."""
    asked = sorted(needed)
    [answers] = _allowed([policy], asked)
    return [
        f"a request needs {need.action} on {need.resource}: allow it"
        for need, is_allowed in zip(asked, answers, strict=True)
        if not is_allowed
    ]


def spare(policy: Policy, needed: Collection[Need]) -> list[str]:
    """Return the actions and resources of a policy that nothing needs, a sentence each.

    Each is taken out by itself: if as much is allowed as before, it was there for nothing.
    """
    parts = list(_parts(policy))
    now, *without = _allowed([policy, *(part.rest for part in parts)], sorted(needed))
    return [
        f"no request needs {part.name}: take it out"
        for part, answers in zip(parts, without, strict=True)
        if answers == now
    ]


@dataclass(frozen=True)
class _Part:
    """An action or a resource of a statement, and the policy without it."""

    name: str
    rest: Policy


def _parts(policy: Policy) -> Iterator[_Part]:
    for place, statement in enumerate(policy["Statement"]):
        for element in ("Action", "Resource"):
            for value in statement[element]:
                name = f"{value} in {statement['Sid']}"
                yield _Part(name, _without(policy, place, element, value))


def _without(policy: Policy, place: int, element: str, value: str) -> Policy:
    changed = copy.deepcopy(dict(policy))
    statement = changed["Statement"][place]
    statement[element].remove(value)
    if not statement[element]:
        # The evaluator would take a statement without actions to be about all of them.
        del changed["Statement"][place]
    return changed


def _allowed(policies: Collection[Policy], needed: Collection[Need]) -> list[list[bool]]:
    """Return, for each policy, which of the needs it allows."""
    pairs = [(need.action, need.resource) for need in needed]
    done = subprocess.run(
        [aws.install(Cache.from_environment(os.environ), os.environ), "-m", "iam.evaluator"],
        input=json.dumps([(policy, pairs) for policy in policies]),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answers: list[list[bool]] = json.loads(done.stdout)
    return answers
