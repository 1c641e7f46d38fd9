"""An invocation by Firehose: each stream record becomes the lines of its messages.

The answer may have 6 MB, and what a record unpacks to may be more. So what does not fit is written
to the archive's bucket here, and its record is answered as dropped once it is there.
"""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from headwater_contract.ip_policy import IpPolicy
from headwater_sinks.archive.answer import Answer
from headwater_sinks.archive.firehose import given_records
from headwater_sinks.archive.lines import lines_of
from headwater_sinks.archive.objects import Bucket, Objects


def transform(
    event: Mapping[str, Any], bucket: Bucket, policy: IpPolicy, logger: Logger
) -> dict[str, Any]:
    """Answer an invocation; every message is in the answer or in the bucket.

    Raises:
        botocore.exceptions.ClientError, BotoCoreError: S3 did not take an object; Firehose retries
            the invocation, and keeps the records at its error prefix if that does not help.
    """
    given = list(given_records(event))
    answer, objects = Answer(len(given)), Objects(bucket, given)
    refused = overflow = 0
    for each in given:
        lines = list(lines_of(each.record, policy))
        bad = [line.text for line in lines if line.is_refused]
        good = [line.text for line in lines if not line.is_refused]
        objects.add(bucket.refused, each.arrived_at, bad)
        refused += len(bad)
        size = sum(map(len, good))
        if answer.takes(size):
            answer.add(each.record_id, b"".join(good))
        else:
            objects.add(bucket.archive, each.arrived_at, good)
            overflow += len(good)
            answer.add(each.record_id, b"")
    objects.write()
    logger.info("transformed", records=len(given), refused=refused, overflow=overflow)
    return {"records": answer.records}
