"""The poller's process as its container starts it, and the container, on the AWS stand-in."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pytest

from eventually import eventually
from headwater_local import aws_client
from headwater_poller.errors import ConflictError, StateError
from headwater_poller.stores import S3Store, Saved
from integration.podman import PODMAN
from integration.test_collector import entries_on_stream
from unit.poller.api import Api, Reply, by_offset, rows, serving
from unit.poller.build import PLAIN

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_s3 import S3Client

BUCKET = "data"
STREAM = "events"
IMAGE = os.environ.get("POLLER_IMAGE", "")


@pytest.fixture
def s3(aws_endpoint: str) -> "S3Client":
    client = aws_client.s3(aws_endpoint)
    client.create_bucket(Bucket=BUCKET)
    return client


@pytest.fixture
def kinesis(aws_endpoint: str) -> "KinesisClient":
    client = aws_client.kinesis(aws_endpoint)
    client.create_stream(StreamName=STREAM, ShardCount=2)
    client.get_waiter("stream_exists").wait(StreamName=STREAM)
    return client


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(by_offset(rows(1, 2, 3), 2)) as api:
        yield api


@pytest.fixture
def environment(aws_endpoint: str, s3: "S3Client", api: Api) -> Mapping[str, str]:
    """The process's environment, and its config in S3."""
    pages = {"type": "offset", "param": "offset"}
    auth = {"type": "bearer", "token": {"env": "TOKEN"}}
    config = {**PLAIN, "url": api.url, "pages": pages, "auth": auth, "every": "0s"}
    s3.put_object(Bucket=BUCKET, Key="weblogs.yaml", Body=json.dumps(config).encode())
    return {
        **os.environ,
        **aws_client.environment(aws_endpoint),
        "POLLER_CONFIG": f"s3://{BUCKET}/weblogs.yaml",
        "POLLER_STATE": f"s3://{BUCKET}/state/",
        "STREAM_NAME": STREAM,
        "TOKEN": "s3cret",
    }


def started(environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "headwater_poller", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def users(kinesis: "KinesisClient") -> list[str]:
    """Return who is on the stream."""
    records = entries_on_stream(kinesis)
    return [json.loads(entry.body)["userId"] for entries in records for entry in entries]


def test_polls_once_and_goes_on_from_the_state_in_s3(
    environment: Mapping[str, str], kinesis: "KinesisClient", api: Api
) -> None:
    for _ in range(2):
        process = started(environment, "--once")
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert '"message":"polled"' in said
        assert '"MessagesSent"' in said
        assert "s3cret" not in said

    assert sorted(users(kinesis)) == ["u1", "u2", "u3"]
    assert {asked.headers["authorization"] for asked in api.asked} == {"Bearer s3cret"}


def test_polls_until_it_is_stopped(
    environment: Mapping[str, str], kinesis: "KinesisClient", api: Api
) -> None:
    process = started(environment)
    eventually(lambda: len(api.asked) > 6)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 0, said
    assert sorted(users(kinesis)) == ["u1", "u2", "u3"]


@pytest.mark.on_request
@pytest.mark.skipif(not IMAGE, reason="POLLER_IMAGE names no image: `make test-image` does")
def test_the_image_polls_with_a_read_only_root_and_a_user_without_a_name(
    environment: Mapping[str, str], kinesis: "KinesisClient", api: Api
) -> None:
    process = subprocess.run(
        [*PODMAN, "--read-only", "--passwd=false", "--env-host", IMAGE, "--once"],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )

    assert process.returncode == 0, process.stdout + process.stderr
    assert sorted(users(kinesis)) == ["u1", "u2", "u3"]
    assert {asked.headers["authorization"] for asked in api.asked} == {"Bearer s3cret"}


@pytest.mark.usefixtures("kinesis")
def test_a_failure_is_said_and_is_the_exit_code(environment: Mapping[str, str], api: Api) -> None:
    api.first.append(Reply(b"<html>", headers={"content-type": "text/html"}))
    process = started(environment, "--once")
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "the answer is not JSON but text/html" in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"STREAM_NAME": ""}, "STREAM_NAME is missing"),
        ({"POLLER_CONFIG": f"s3://{BUCKET}/none.yaml"}, "it cannot be read"),
    ],
)
def test_does_not_start_without_what_it_needs(
    environment: Mapping[str, str], changes: Mapping[str, str], sentence: str
) -> None:
    process = started({**environment, **changes}, "--once")
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 2
    assert sentence in said


def test_the_state_in_s3_is_replaced_only_by_whoever_read_it_last(s3: "S3Client") -> None:
    store = S3Store.at(s3, f"s3://{BUCKET}/state/weblogs.json")
    assert store.load() == Saved()

    first = store.save(b"one", None)
    second = store.save(b"two", first)

    assert store.load() == Saved(b"two", second)
    for stale in (None, first):
        with pytest.raises(ConflictError, match="another poller has written s3://data/state/"):
            store.save(b"three", stale)


def test_a_save_whose_answer_was_lost_is_not_a_conflict(s3: "S3Client") -> None:
    store = S3Store.at(s3, f"s3://{BUCKET}/state/weblogs.json")
    tag = store.save(b"one", None)

    assert store.save(b"one", None) == tag


def test_explains_a_bucket_that_does_not_exist(s3: "S3Client") -> None:
    store = S3Store.at(s3, "s3://none/state/weblogs.json")

    with pytest.raises(StateError, match="cannot be read from s3://none/state"):
        store.load()
    with pytest.raises(StateError, match="cannot be"):
        store.save(b"one", None)
