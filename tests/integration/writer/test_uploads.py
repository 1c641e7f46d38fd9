"""A file that is uploaded in parts, as those of more than 48 MB are."""

from random import Random
from typing import Final

import pytest
from py4j.protocol import Py4JJavaError

from headwater_contract.kinesis_event import ReceivedRecord
from integration.writer.faults import Noting, catalog_through
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


def test_an_upload_of_which_a_part_fails_is_ended(place: Place, wire: Interceptor) -> None:
    catalog = catalog_through(place, wire)
    options = f"spark.sql.catalog.{catalog}"
    place.spark.conf.set(f"{options}.s3.multipart.part-size-bytes", str(PART_BYTES))
    writer = place.writer(catalog=catalog)
    noise = [ReceivedRecord(SHARD, str(n), Random(n).randbytes(NOISE)) for n in range(12)]  # noqa: S311
    wire.script = seen = Noting(refuse_a_part)

    with pytest.raises(Py4JJavaError, match="403"):
        writer.write(noise)

    [ended] = [request for request in seen.requests if request.method == "DELETE"]
    assert "/failed_records/data/" in ended.path
    assert "uploadId=" in ended.path
