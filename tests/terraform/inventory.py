"""What an account holds, of everything that Headwater deploys."""

from collections.abc import Iterator

from terraform.stand_in import client

_LISTINGS = (
    ("apigatewayv2", "get_apis", "Items", "Name"),
    ("athena", "list_work_groups", "WorkGroups", "Name"),
    ("cloudformation", "describe_stacks", "Stacks", "StackName"),
    ("cloudfront", "list_distributions", "DistributionList.Items", "Id"),
    ("cloudfront", "list_origin_access_controls", "OriginAccessControlList.Items", "Name"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("ecr", "describe_repositories", "repositories", "repositoryName"),
    ("events", "list_rules", "Rules", "Name"),
    ("glue", "get_databases", "DatabaseList", "Name"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("kinesis", "list_streams", "StreamSummaries", "StreamName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("sns", "list_topics", "Topics", "TopicArn"),
)


def inventory(endpoint: str) -> set[str]:
    """Return a line for each thing that is there, like `kinesis blue-events`."""
    return {line for listing in _LISTINGS for line in _lines(endpoint, *listing)}


def _lines(endpoint: str, service: str, call: str, items: str, name: str) -> Iterator[str]:
    answer = getattr(client(endpoint, service), call)()
    for key in items.split("."):
        answer = answer.get(key, [])
    for item in answer:
        yield f"{service} {item[name]}"
