"""AWS's stand-in for deployments: a process that forwards functions' invocations to ours."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from eventually import eventually
from free_ports import free_port
from headwater_local import aws_client, names
from headwater_local.cache import Cache
from headwater_local.ministack import aws
from headwater_local.ports import Ports
from iam import recording

_REGISTRY = f"000000000000.dkr.ecr.{names.REGION}.amazonaws.com"

WRITER_IMAGE = f"{_REGISTRY}/headwater-writer:1.0.0"
"""An image that every stand-in has; nothing is in it."""

POLLER_IMAGE = f"{_REGISTRY}/headwater-poller:1.0.0"
"""An image that no stand-in has: none pulls it."""

RECORDING = "requests.jsonl"


@contextmanager
def stand_in(
    folder: Path, function_ports: Mapping[str, int], account: str = names.ACCOUNT
) -> Iterator[str]:
    """Run a stand-in that forgets everything, and give its URL.

    Args:
        folder: For its log, its objects and its `RECORDING` of requests.
        function_ports: Where on loopback each function is served, by the function's name.
        account: The account that it says it is.
    """
    port = free_port()
    url = Ports(aws=port).aws_url
    environment = {
        **os.environ,
        **recording.environment(
            aws.server_environment(port, folder / "state", folder / "s3"), folder / RECORDING
        ),
        "SERVICES": "",  # All of them, where the laptop has three.
        "PERSIST_STATE": "0",
        "MINISTACK_ACCOUNT_ID": account,
        **{
            f"MINISTACK_LAMBDA_PROXY_{function}": f"http://{names.LOOPBACK}:{its_port}/"
            for function, its_port in function_ports.items()
        },
    }
    python = aws.install(Cache.from_environment(os.environ), os.environ)
    with (folder / "aws.log").open("wb") as log:
        process = subprocess.Popen(
            recording.command(python, "ministack.app"), env=environment, stdout=log, stderr=log
        )
    try:
        eventually(lambda: aws.is_healthy(url), seconds=60)
        _push_image(url)
        yield url
    finally:
        process.kill()
        process.wait(timeout=30)


def client(
    endpoint: str, service: str, key: str = aws_client.DUMMY_KEY, region: str = names.REGION
) -> Any:  # noqa: ANN401 -- boto3 makes clients as it runs
    """Return boto3's client of a service on the stand-in."""
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=aws_client.DUMMY_KEY,
        config=Config(proxies={}),
    )


def _push_image(endpoint: str) -> None:
    repository, tag = WRITER_IMAGE.partition("/")[2].split(":")
    ecr = client(endpoint, "ecr")
    ecr.create_repository(repositoryName=repository)
    ecr.put_image(repositoryName=repository, imageManifest="{}", imageTag=tag)
