"""An event source mapping: Lambda's way from a stream or a queue to a function."""

from typing import TYPE_CHECKING

from headwater_local.doctor.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import EventSourceMappingConfigurationResponseTypeDef


def find_mapping(
    stack: Stack, uuid: str
) -> "EventSourceMappingConfigurationResponseTypeDef | None":
    """Return a mapping; None if it is gone."""
    client: LambdaClient = stack.client("lambda")
    try:
        return client.get_event_source_mapping(UUID=uuid)
    except client.exceptions.ResourceNotFoundException:
        return None


def is_on(mapping: "EventSourceMappingConfigurationResponseTypeDef") -> bool:
    """Tell whether it calls its function, or is about to."""
    return mapping["State"] in {"Enabled", "Enabling", "Creating", "Updating"}


def problem_of(mapping: "EventSourceMappingConfigurationResponseTypeDef") -> str:
    """Return why Lambda could not call the function; empty if it could."""
    result = mapping.get("LastProcessingResult", "")
    return result if result.startswith("PROBLEM") else ""


def switch(uuid: str, *, on: bool) -> str:
    """Return the command that enables or disables a mapping."""
    flag = "--enabled" if on else "--no-enabled"
    return f"aws lambda update-event-source-mapping --uuid {uuid} {flag}"
