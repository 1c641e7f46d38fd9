"""A file that is uploaded in parts, as those of more than 48 MB are."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Final

import pytest
from py4j.protocol import Py4JJavaError

from headwater_contract.kinesis_event import ReceivedRecord
from iam.requests import recorded
from integration.writer.faults import catalog_through
from integration.writer.interceptor import Answer, Forward, Interceptor, Request
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import SHARD

pytestmark = SPARK

PART_BYTES: Final = 5 * 1024**2
"""The least that Iceberg uploads as a part."""

NOISE: Final = 1024**2
"""Bytes of a record that nothing makes smaller."""


def refuse_a_part(request: Request, forward: Forward) -> Answer:
    return Answer(403, {}, b"") if "partNumber=2" in request.path else forward()


def test_an_upload_of_which_a_part_fails_is_ended(
    place: Place, wire: Interceptor, recording: Path, role: Mapping[str, str]
) -> None:
    catalog = catalog_through(place, wire)
    options = f"spark.sql.catalog.{catalog}"
    place.spark.conf.set(f"{options}.s3.multipart.part-size-bytes", str(PART_BYTES))
    writer = place.writer(catalog=catalog)
    noise = [ReceivedRecord(SHARD, str(n), Random(n).randbytes(NOISE)) for n in range(12)]  # noqa: S311
    wire.script = refuse_a_part

    with pytest.raises(Py4JJavaError, match="403"):
        writer.write(noise)

    folder = f"/{place.database}/lake/failed_records/data/"
    asked = [request for request in recorded(recording) if request.path.startswith(folder)]
    [ended] = [request for request in asked if request.method == "DELETE"]
    assert "uploadId" in ended.query
    assert ended.key == role["AWS_ACCESS_KEY_ID"]
