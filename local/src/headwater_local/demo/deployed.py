"""The demo's archive, written into the tables of a stack on AWS by its own backfill.

Piece by piece: each is put where the function may read, and deleted once it is written. So there is
progress to show, and an invocation ends long before its time is over.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from urllib.parse import urlsplit
from uuid import uuid4

import boto3
import msgspec
from botocore.config import Config

from headwater_local.errors import DemoError, FunctionFailedError
from headwater_local.terraform_outputs import optional, outputs_of

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client

PIECE_LINES: Final = 10_000
"""As many as a backfill commits at once."""

_PATIENT: Final = Config(read_timeout=960, tcp_keepalive=True)
"""An invocation may take 15 minutes, and answers only when it ends."""


class Backfill(msgspec.Struct, frozen=True):
    """The output ``demo_backfill``: a folder's URI, and the function that reads from there."""

    source: str
    function: str


@dataclass(frozen=True)
class Deployed:
    """A stack's folder for archives as a URI, its function, and where its tables are asked."""

    source: str
    function: str
    workgroup: str
    database: str


def deployed(outputs: bytes) -> Deployed:
    """Return the stack that ``terraform output -json`` describes.

    Raises:
        DemoError: it has no demo.
        OutputsError: it is not such a document, or lacks an output.
    """
    found = outputs_of(outputs)
    place = optional(found, "demo_backfill", Backfill)
    if place is None:
        raise DemoError(
            "The outputs have no `demo_backfill`: set `demo = { enabled = true }`, apply, and give "
            "the outputs as sample/outputs.tf does."
        )
    return Deployed(
        place.source, place.function, found["athena_workgroup"], found["glue_database_name"]
    )


def clients() -> tuple["S3Client", "LambdaClient"]:
    """Return the clients of the environment's account."""
    return boto3.client("s3"), boto3.client("lambda", config=_PATIENT)


@dataclass(frozen=True)
class Filling:
    """A stack, and the clients of its account."""

    stack: Deployed
    s3: "S3Client"
    functions: "LambdaClient"

    def fill(
        self, archive: BinaryIO, write: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    ) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield the bytes of each piece of an archive, and what ``write`` said of it.

        ``write`` is given the event that asks for the piece, and hands it to ``invoke``.
        """
        # Somebody else may be filling the same stack, and would delete pieces of the same names.
        folder = f"{self.stack.source}{uuid4()}"
        for number, piece in enumerate(_pieces(archive)):
            source = f"{folder}/visits-{number:05}.jsonl.gz"
            uri = urlsplit(source)
            bucket, key = uri.netloc, uri.path.lstrip("/")
            self.s3.put_object(Bucket=bucket, Key=key, Body=gzip.compress(piece))
            try:
                report = write({"backfill": {"source": source}})
            finally:
                self.s3.delete_object(Bucket=bucket, Key=key)
            yield len(piece), report

    def invoke(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the function answers to an event.

        Raises:
            FunctionFailedError: it failed.
        """
        name = self.stack.function
        answer = self.functions.invoke(FunctionName=name, Payload=json.dumps(event))
        report: Mapping[str, Any] = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise FunctionFailedError(
                f"The function {name} failed: {report.get('errorMessage')}. Its log is "
                f"/aws/lambda/{name}."
            )
        return report


def _pieces(archive: BinaryIO) -> Iterator[bytes]:
    while piece := b"".join(islice(archive, PIECE_LINES)):
        yield piece
