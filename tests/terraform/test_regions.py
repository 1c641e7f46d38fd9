"""Two regions of one account can each have a stack of the same name."""

import pytest

from terraform.command import needs_terraform
from terraform.made import Json, of_kind

REGION = "eu-west-1"
LONGEST_REGION = "ap-northeast-1"
LONGEST_STACK = 30
LONGEST_ROLE = 64

GLOBAL = {
    "aws_budgets_budget": "name",
    "aws_cloudfront_cache_policy": "name",
    "aws_cloudfront_function": "name",
    "aws_cloudfront_origin_access_control": "name",
    "aws_cloudfront_response_headers_policy": "name",
    "aws_iam_role": "name",
    "aws_s3_bucket": "bucket",
}
"""What has one name in all regions of an account, or in all accounts, and which attribute it is."""

pytestmark = needs_terraform


@pytest.mark.parametrize("kind", GLOBAL)
def test_a_name_of_all_regions_says_which_it_is_of(made: list[Json], kind: str) -> None:
    found = of_kind(made[0], kind, GLOBAL[kind])
    names = [name for name in found if not name.startswith("Managed-")]  # AWS's own

    assert names
    assert [name for name in names if REGION not in name] == []


def test_no_role_has_a_name_that_is_too_long(made: list[Json]) -> None:
    longest = max(len(name) for name in of_kind(made[0], "aws_iam_role", "name"))
    more = LONGEST_STACK - len("sample") + len(LONGEST_REGION) - len(REGION)

    assert longest + more <= LONGEST_ROLE
