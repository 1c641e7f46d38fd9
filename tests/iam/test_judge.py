import copy
from typing import Any

import pytest

from iam.judge import refused, spare
from iam.needs import Need

BUCKET = "arn:aws:s3:::data"

POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Files",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": [f"{BUCKET}/lake/*"],
        },
        {"Sid": "Listing", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [BUCKET]},
    ],
}

NEEDED = {
    Need("s3:GetObject", f"{BUCKET}/lake/events/1"),
    Need("s3:PutObject", f"{BUCKET}/lake/events/2"),
    Need("s3:ListBucket", BUCKET),
}


def with_statement(**statement: object) -> dict[str, Any]:
    added = {"Sid": "More", "Effect": "Allow", **statement}
    return {**POLICY, "Statement": [*POLICY["Statement"], added]}


def test_a_policy_of_what_is_needed_is_found_right() -> None:
    assert refused(POLICY, NEEDED) == []
    assert spare(POLICY, NEEDED) == []


@pytest.mark.parametrize("need", sorted(NEEDED), ids=lambda need: need.action)
def test_an_action_that_is_taken_out_is_missed(need: Need) -> None:
    policy = copy.deepcopy(POLICY)
    for statement in policy["Statement"]:
        # An action that does not exist takes its place, so that no statement is left without any.
        statement["Action"] = [
            "s3:Nothing" if action == need.action else action for action in statement["Action"]
        ]

    assert refused(policy, NEEDED) == [
        f"a request needs {need.action} on {need.resource}: allow it"
    ]


def test_an_action_that_is_added_can_be_spared() -> None:
    policy = copy.deepcopy(POLICY)
    policy["Statement"][0]["Action"].append("s3:DeleteObject")

    assert spare(policy, NEEDED) == ["no request needs s3:DeleteObject in Files: take it out"]


def test_a_resource_that_is_added_can_be_spared() -> None:
    policy = copy.deepcopy(POLICY)
    policy["Statement"][0]["Resource"].append(f"{BUCKET}/other/*")

    assert spare(policy, NEEDED) == [f"no request needs {BUCKET}/other/* in Files: take it out"]


def test_what_two_statements_allow_can_be_spared_in_either() -> None:
    policy = with_statement(Action=["s3:GetObject"], Resource=[f"{BUCKET}/*"])

    assert spare(policy, NEEDED) == [
        "no request needs s3:GetObject in Files: take it out",
        "no request needs s3:GetObject in More: take it out",
        f"no request needs {BUCKET}/* in More: take it out",
    ]


def test_without_a_request_everything_can_be_spared() -> None:
    assert len(spare(POLICY, set())) == 5


def test_another_object_is_refused() -> None:
    other = Need("s3:GetObject", f"{BUCKET}/query_results/1")

    assert refused(POLICY, {other}) == [
        f"a request needs s3:GetObject on {BUCKET}/query_results/1: allow it"
    ]


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny", "Action": ["s3:GetObject"], "Resource": ["*"]},
        {"Effect": "Deny", "Action": ["s3:Get*"], "Resource": [f"{BUCKET}/lake/events/?"]},
    ],
    ids=["everywhere", "by a pattern"],
)
def test_a_denial_goes_before_what_is_allowed(statement: dict[str, object]) -> None:
    assert refused(with_statement(**statement), NEEDED) == [
        f"a request needs s3:GetObject on {BUCKET}/lake/events/1: allow it"
    ]


def test_a_condition_that_is_not_met_allows_nothing() -> None:
    elsewhere = {"StringEquals": {"aws:PrincipalAccount": "999999999999"}}
    tags = Need("s3:GetObjectTagging", f"{BUCKET}/lake/1")
    policy = with_statement(
        Action=["s3:GetObjectTagging"], Resource=[f"{BUCKET}/lake/*"], Condition=elsewhere
    )

    assert len(refused(policy, {tags})) == 1
