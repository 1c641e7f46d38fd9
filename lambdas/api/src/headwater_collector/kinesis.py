"""The stream on Amazon Kinesis."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from headwater_collector.stream import Record, Rejection

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

_THROTTLED: Final = "ProvisionedThroughputExceededException"
"""Of a record or a whole call: a shard gets more than it takes (PutRecords, API reference)."""

# `delivery` retries, records one by one and within its own time: botocore must not do so too.
# A Lambda process answers one request at a time; behind another server there are several.
CLIENT_CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"total_max_attempts": 1},
    tcp_keepalive=True,
    max_pool_connections=32,
)


class KinesisStream:
    """A Kinesis data stream.

    The records of one request fit one call of PutRecords, which takes 500 records and 5 MB (Kinesis
    Data Streams API reference): a request has at most 500 KB.
    """

    def __init__(self, client: "KinesisClient", name: str) -> None:
        self._client = client
        self._name = name

    def put(self, records: Sequence[Record]) -> Sequence[Rejection]:
        """Put records on the stream and return those that it did not confirm."""
        try:
            response = self._client.put_records(
                StreamName=self._name,
                Records=[
                    {"Data": record.data, "PartitionKey": record.partition_key}
                    for record in records
                ],
            )
        except ClientError as error:
            return _reject_all(records, error.response["Error"]["Code"])
        except BotoCoreError as error:  # No connection, or no answer in time.
            return _reject_all(records, type(error).__name__)
        results = zip(records, response["Records"], strict=True)
        return [
            _rejection(record, result["ErrorCode"])
            for record, result in results
            if result.get("ErrorCode")
        ]


def _reject_all(records: Sequence[Record], reason: str) -> list[Rejection]:
    return [_rejection(record, reason) for record in records]


def _rejection(record: Record, reason: str) -> Rejection:
    return Rejection(record, reason, is_throttled=reason == _THROTTLED)
