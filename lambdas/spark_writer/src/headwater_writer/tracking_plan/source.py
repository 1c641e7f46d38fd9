"""Where a tracking plan is: a file, or an object in S3."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from headwater_writer.tracking_plan.parse import parse
from headwater_writer.tracking_plan.plan import (
    MAX_BYTES,
    NO_PLAN,
    TrackingPlan,
    TrackingPlanError,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ENOUGH: Final = MAX_BYTES + 1
"""Bytes that tell that a plan is too large."""


def load(where: str | None, s3: Callable[[], "S3Client"]) -> TrackingPlan:
    """Return the plan at a path or an ``s3://`` URI, or the one of no events where there is none.

    Raises:
        TrackingPlanError: it is not there or cannot be used; the text says where it is, and why.
    """
    if where is None:
        return NO_PLAN
    try:
        text = _object(s3(), where) if where.startswith("s3://") else read_file(Path(where))
        return parse(text)
    except TrackingPlanError as error:
        raise TrackingPlanError(f"the tracking plan {where} cannot be used: {error}") from error


def read_file(path: Path) -> bytes:
    """Return the text of a plan in a file.

    Raises:
        TrackingPlanError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(_ENOUGH)
    except OSError as error:
        raise TrackingPlanError(f"it cannot be read ({error.strerror})") from error


def _object(s3: "S3Client", uri: str) -> bytes:
    where = urlsplit(uri)
    try:
        found = s3.get_object(Bucket=where.netloc, Key=where.path.lstrip("/"))
        return found["Body"].read(_ENOUGH)
    except (BotoCoreError, ClientError) as error:
        raise TrackingPlanError(f"it cannot be read ({error})") from error
