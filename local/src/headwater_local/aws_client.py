"""boto3 clients for the AWS stand-in, deaf to the user's own AWS set-up.

A laptop often has ``~/.aws/config``, ``AWS_PROFILE`` or a proxy in its
environment. None of them may lead a local run to a real account, or fail it.
"""

import os
from typing import TYPE_CHECKING

import boto3
import botocore.session
from botocore.config import Config

from headwater_local.names import REGION

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

DUMMY_KEY = "headwater"
"""Access key and secret: the stand-in checks neither."""

_NO_PROFILE_NO_FILES = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}

_CONFIG = Config(
    proxies={},
    connect_timeout=3,
    read_timeout=30,
    retries={"mode": "standard", "max_attempts": 3},
    s3={"addressing_style": "path"},
)


def environment(endpoint: str) -> dict[str, str]:
    """Return the variables that point any AWS SDK of a child process at the stand-in."""
    return {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": DUMMY_KEY,
        "AWS_SECRET_ACCESS_KEY": DUMMY_KEY,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def kinesis(endpoint: str) -> "KinesisClient":
    """Return a Kinesis client for the stand-in at ``endpoint``."""
    return _session().client("kinesis", endpoint_url=endpoint, config=_CONFIG)


def dynamodb(endpoint: str) -> "DynamoDBClient":
    """Return a DynamoDB client for the stand-in at ``endpoint``."""
    return _session().client("dynamodb", endpoint_url=endpoint, config=_CONFIG)


def secrets(endpoint: str) -> "SecretsManagerClient":
    """Return a Secrets Manager client for the stand-in at ``endpoint``."""
    return _session().client("secretsmanager", endpoint_url=endpoint, config=_CONFIG)


def s3(endpoint: str) -> "S3Client":
    """Return an S3 client (path style) for the stand-in at ``endpoint``."""
    return _session().client("s3", endpoint_url=endpoint, config=_CONFIG)


def glue(endpoint: str) -> "GlueClient":
    """Return a Glue client for the stand-in at ``endpoint``."""
    return _session().client("glue", endpoint_url=endpoint, config=_CONFIG)


def _session() -> boto3.Session:
    return boto3.Session(
        botocore_session=botocore.session.Session(session_vars=_NO_PROFILE_NO_FILES),
        aws_access_key_id=DUMMY_KEY,
        aws_secret_access_key=DUMMY_KEY,
        region_name=REGION,
    )
