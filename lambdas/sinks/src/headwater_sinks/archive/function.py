"""What Firehose invokes to transform the stream's records into the archive's lines."""

import os
from collections.abc import Mapping
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from headwater_contract.ip_policy import IpPolicy, ip_policy_of
from headwater_sinks.archive.objects import Bucket
from headwater_sinks.archive.transform import transform
from headwater_sinks.settings import SettingsError, required


def ip_policy(environment: Mapping[str, str]) -> IpPolicy:
    """Return how much of an address is kept: the writer's own setting.

    Raises:
        SettingsError: ``IP_POLICY`` is not valid.
    """
    try:
        return ip_policy_of(environment.get("IP_POLICY", "full"))
    except ValueError as error:
        raise SettingsError(str(error)) from error


_logger = Logger(service="archive")
_policy = ip_policy(os.environ)
_bucket = Bucket(
    boto3.client("s3"),
    name=required(os.environ, "ARCHIVE_BUCKET"),
    archive=required(os.environ, "ARCHIVE_PREFIX"),
    refused=required(os.environ, "REFUSED_PREFIX"),
)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Transform the records of an invocation."""
    return transform(event, _bucket, _policy, _logger)
