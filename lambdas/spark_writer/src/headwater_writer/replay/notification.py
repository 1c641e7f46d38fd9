"""S3's notification that objects were created."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus


def created_objects(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield bucket and key of each object that a notification names.

    ``event`` has the shape of "Event message structure" in the Amazon S3 user guide, where keys are
    encoded as in a URL's query.

    Raises:
        KeyError: it is not such a notification.
    """
    for record in event["Records"]:
        yield record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])
