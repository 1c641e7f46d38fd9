"""The options of an event source mapping, as Lambda's API describes them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_STREAM_ARN = re.compile(r"arn:[\w-]+:kinesis:(?P<region>[\w-]+):\d{12}:stream/(?P<name>[\w.-]+)")
_FUNCTION_ARN = re.compile(r"arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?")
_BUCKET_ARN = re.compile(r"arn:[\w-]+:s3:::(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])")
_REPORT = "ReportBatchItemFailures"


class MappingError(ValueError):
    """A description that Lambda would refuse, or that asks for what we do not do."""


class StartingPosition(StrEnum):
    """Where the first poll of a stream without checkpoints begins."""

    TRIM_HORIZON = "TRIM_HORIZON"
    LATEST = "LATEST"


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """How records of one stream become batches, and what happens to failed ones.

    Names and ranges are those of "Lambda parameters for Amazon Kinesis Data
    Streams event source mappings" in the AWS Lambda developer guide. An
    ``infinite`` of the API (-1) is None here. ``on_failure_bucket`` is the
    S3 bucket for batches that were given up on; None drops them.
    """

    uuid: str
    stream_arn: str
    stream_name: str
    region: str
    function_arn: str
    starting_position: StartingPosition
    batch_size: int = 100
    batching_window_seconds: int = 0
    bisect_batch_on_function_error: bool = False
    report_batch_item_failures: bool = False
    maximum_retry_attempts: int | None = None
    maximum_record_age_seconds: int | None = None
    on_failure_bucket: str | None = None

    @property
    def invoke_identity_arn(self) -> str:
        """The role that the function would run as: named after it, as ours are on AWS."""
        account, name = self.function_arn.split(":")[4], self.function_arn.split(":")[6]
        return f"arn:aws:iam::{account}:role/{name}"

    @classmethod
    def from_description(cls, description: Mapping[str, object]) -> Self:
        """Read the shape that GetEventSourceMapping answers with.

        Raises:
            MappingError: an option is missing, out of its range, or not
                supported by this driver (parallel batches, tumbling windows,
                filters, enhanced fan-out, destinations other than S3).
        """
        _refuse_unsupported(description)
        arn = _text(description, "EventSourceArn")
        stream = _match(_STREAM_ARN, arn, "EventSourceArn is not the ARN of a Kinesis stream")
        arn = _text(description, "FunctionArn")
        function = _match(_FUNCTION_ARN, arn, "FunctionArn is not the ARN of a function")
        return cls(
            uuid=_text(description, "UUID"),
            stream_arn=stream[0],
            stream_name=stream["name"],
            region=stream["region"],
            function_arn=function[0],
            starting_position=_starting_position(description),
            batch_size=_number(description, "BatchSize", 100, 1, 10_000),
            batching_window_seconds=_number(
                description, "MaximumBatchingWindowInSeconds", 0, 0, 300
            ),
            bisect_batch_on_function_error=_flag(description, "BisectBatchOnFunctionError"),
            report_batch_item_failures=_reports_failures(description),
            maximum_retry_attempts=_limit(description, "MaximumRetryAttempts", 0, 10_000),
            maximum_record_age_seconds=_limit(
                description, "MaximumRecordAgeInSeconds", 60, 604_800
            ),
            on_failure_bucket=_on_failure_bucket(description),
        )


def _refuse_unsupported(description: Mapping[str, object]) -> None:
    if description.get("ParallelizationFactor", 1) != 1:
        raise MappingError("ParallelizationFactor must be 1: one batch of a shard at a time")
    for option in ("TumblingWindowInSeconds", "FilterCriteria", "StartingPositionTimestamp"):
        if description.get(option):
            raise MappingError(f"{option} is not supported by this driver")


def _text(description: Mapping[str, object], option: str) -> str:
    value = description.get(option)
    if not isinstance(value, str) or not value:
        raise MappingError(f"{option} is missing")
    return value


def _match(pattern: re.Pattern[str], value: str, problem: str) -> re.Match[str]:
    match = pattern.fullmatch(value)
    if match is None:
        raise MappingError(f"{problem}: {value}")
    return match


def _number(
    description: Mapping[str, object], option: str, default: int, lowest: int, highest: int
) -> int:
    value = description.get(option)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise MappingError(f"{option} must be between {lowest} and {highest}, not {value!r}")
    return value


def _limit(description: Mapping[str, object], option: str, lowest: int, highest: int) -> int | None:
    if description.get(option, -1) in (-1, None):
        return None
    return _number(description, option, lowest, lowest, highest)


def _flag(description: Mapping[str, object], option: str) -> bool:
    value = description.get(option) or False
    if not isinstance(value, bool):
        raise MappingError(f"{option} must be true or false, not {value!r}")
    return value


def _starting_position(description: Mapping[str, object]) -> StartingPosition:
    value = _text(description, "StartingPosition")
    if value not in StartingPosition.__members__:
        raise MappingError(f"StartingPosition must be TRIM_HORIZON or LATEST, not {value}")
    return StartingPosition(value)


def _reports_failures(description: Mapping[str, object]) -> bool:
    value = description.get("FunctionResponseTypes") or []
    if not isinstance(value, list) or any(kind != _REPORT for kind in value):
        raise MappingError(f"FunctionResponseTypes may list {_REPORT} only, not {value!r}")
    return bool(value)


def _on_failure_bucket(description: Mapping[str, object]) -> str | None:
    destination = description.get("DestinationConfig") or {}
    on_failure = destination.get("OnFailure") if isinstance(destination, Mapping) else None
    arn = on_failure.get("Destination") if isinstance(on_failure, Mapping) else None
    if not arn:
        return None
    return _match(_BUCKET_ARN, str(arn), "OnFailure must be the ARN of an S3 bucket")["bucket"]
