"""The verdict on the roles of a stack, by what its functions were recorded to ask for."""

from collections.abc import Iterable

from iam.implied import implied, through_key
from iam.judge import refused, spare
from iam.needs import Need, needs
from iam.requests import Request
from iam.stack import Stack


def needed(stack: Stack, role: str, requests: Iterable[Request]) -> set[Need]:
    """Return what a function's role needs, for those of the requests that are its own."""
    own = [request for request in requests if request.key == stack.key(role)]
    return {need for request in own for need in needs(request, stack.owner)}


def missing(stack: Stack, role: str, requests: Iterable[Request]) -> list[str]:
    """Return what a function asked for and its role does not allow, a sentence each."""
    return refused(stack.policy(role), _all_needed(stack, role, requests))


def superfluous(stack: Stack, role: str, requests: Iterable[Request]) -> list[str]:
    """Return what a function's role allows and it never asked for, a sentence each."""
    return spare(stack.policy(role), _all_needed(stack, role, requests))


def _all_needed(stack: Stack, role: str, requests: Iterable[Request]) -> set[Need]:
    asked = needed(stack, role, requests) | set(implied(stack, role))
    return asked | set(through_key(stack, asked))
