"""The source of a tracking plan: a file, or an object in S3."""

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


def load(source: str | None, s3: Callable[[], "S3Client"]) -> TrackingPlan:
    """Return the plan at a path or an ``s3://`` URI; an empty one for None.

    Raises:
        TrackingPlanError: it does not exist or cannot be used; the text says why.
    """
    if source is None:
        return NO_PLAN
    try:
        text = _object(s3(), source) if source.startswith("s3://") else read_file(Path(source))
        return parse(text)
    except TrackingPlanError as error:
        raise TrackingPlanError(f"the tracking plan {source} cannot be used: {error}") from error


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
    parts = urlsplit(uri)
    try:
        found = s3.get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))
        return found["Body"].read(_ENOUGH)
    except (BotoCoreError, ClientError) as error:
        raise TrackingPlanError(f"it cannot be read ({error})") from error
