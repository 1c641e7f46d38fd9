"""The source of a tracking plan: a file, or an object in S3."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from headwater_documents.document import DocumentError
from headwater_documents.source import read_text
from headwater_writer.tracking_plan.parse import parse
from headwater_writer.tracking_plan.plan import NO_PLAN, TrackingPlan, TrackingPlanError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def load(source: str | None, s3: Callable[[], "S3Client"]) -> TrackingPlan:
    """Return the plan at a path or an ``s3://`` URI; an empty one for None.

    Raises:
        TrackingPlanError: it does not exist or cannot be used; the text says why.
    """
    if source is None:
        return NO_PLAN
    try:
        return parse(read_text(source, s3))
    except (DocumentError, TrackingPlanError) as error:
        raise TrackingPlanError(f"the tracking plan {source} cannot be used: {error}") from error
