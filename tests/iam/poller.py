"""All that the poller's task does: a first poll, and one that goes on from its state."""

import json
import os
import subprocess
import sys

from headwater_local import aws_client
from headwater_local.supervision.part_commands import inherited
from iam.stack import POLLER
from iam.surroundings import Surroundings
from unit.poller.api import by_offset, rows, serving
from unit.poller.build import PLAIN


def play(at: Surroundings) -> None:
    """Poll twice, with a token that the poller reads itself."""
    secret = at.stack.poller_secret
    at.create_secret(secret, "s3cret")
    with serving(by_offset(rows(1, 2, 3), 2)) as api:
        auth = {"type": "bearer", "token": {"secret": secret}}
        pages = {"type": "offset", "param": "offset"}
        _configure(at, {**PLAIN, "url": api.url, "pages": pages, "auth": auth})
        for _ in range(2):
            _poll(at)
        assert {asked.headers["authorization"] for asked in api.asked} == {"Bearer s3cret"}


def _configure(at: Surroundings, config: dict[str, object]) -> None:
    """Put a config where Terraform puts the deployer's."""
    bucket, _, key = at.stack.poller["POLLER_CONFIG"].removeprefix("s3://").partition("/")
    at.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(config).encode())


def _poll(at: Surroundings) -> None:
    environment = {
        **inherited(os.environ),
        **aws_client.environment(at.endpoint),
        "AWS_ACCESS_KEY_ID": at.stack.key(POLLER),
        "AWS_DEFAULT_REGION": at.stack.region,
        **at.stack.poller,
    }
    command = [sys.executable, "-m", "headwater_poller", "--once"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
