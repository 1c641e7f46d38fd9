"""Whether policies allow what is asked for, by ministack's evaluator of IAM policies.

Run as `python -m iam.evaluator` with the stand-in's interpreter, which alone has ministack. JSON
comes in, a list of policies each with its list of pairs of action and resource, and goes out, a
list of lists of booleans.
"""

import json
import sys
from typing import Any

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document


def main() -> None:
    """Answer the questions on standard input."""
    answers = [
        [_allows(parse_policy_document(policy), *pair) for pair in pairs]
        for policy, pairs in json.load(sys.stdin)
    ]
    json.dump(answers, sys.stdout)


def _allows(statements: list[Any], action: str, resource: str) -> bool:
    context = EvalContext(
        principal_arn="arn:aws:sts::000000000000:assumed-role/function/instance",
        principal_type="AssumedRole",
        principal_account="000000000000",
        action=action,
        resource_arn=resource,
        region="us-east-1",
    )
    return bool(evaluate(context, [statements]).decision == "Allow")


if __name__ == "__main__":
    main()
