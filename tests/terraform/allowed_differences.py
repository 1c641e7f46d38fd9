"""What a second plan may show against the stand-in, and why AWS would not show it."""

from typing import NamedTuple

from terraform.deployment import Difference


class Allowed(NamedTuple):
    """Attributes of a resource, by its type, that the stand-in reads back otherwise."""

    resource: str
    attributes: frozenset[str]
    reason: str


ALLOWED = (
    Allowed(
        "aws_cloudwatch_metric_alarm",
        frozenset(
            [
                "actions_enabled",
                "alarm_actions",
                "alarm_description",
                "dimensions",
                "ok_actions",
                "period",
                "statistic",
                "treat_missing_data",
            ]
        ),
        "DescribeAlarms answers without them",
    ),
    Allowed(
        "aws_cloudfront_response_headers_policy",
        frozenset({"custom_headers_config", "remove_headers_config"}),
        "answers with an empty block where CloudFront answers with none",
    ),
    Allowed(
        "aws_kinesis_firehose_delivery_stream",
        frozenset({"extended_s3_configuration"}),
        "answers without the time zone of the prefixes",
    ),
    Allowed(
        "aws_kinesis_stream",
        frozenset({"tags_all"}),
        "forgets the tags that a stream is created with",
    ),
    Allowed(
        "aws_lambda_event_source_mapping",
        frozenset({"metrics_config"}),
        "forgets what a mapping counts",
    ),
    Allowed(
        "aws_lambda_event_source_mapping",
        frozenset({"enabled"}),
        "disabled by the test: it ignores every option, and our driver takes its place",
    ),
)


def unexplained(differences: set[Difference]) -> set[Difference]:
    """Return the differences that no entry allows."""
    return {difference for difference in differences if not _is_allowed(difference)}


def _is_allowed(difference: Difference) -> bool:
    return any(
        f".{allowed.resource}." in difference.address and difference.attribute in allowed.attributes
        for allowed in ALLOWED
    )
