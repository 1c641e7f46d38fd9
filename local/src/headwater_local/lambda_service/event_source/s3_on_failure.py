"""The on-failure destination on S3."""

from typing import TYPE_CHECKING
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from headwater_local.lambda_service.event_source.event import encode
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.event_source.on_failure import (
    DestinationError,
    DiscardedBatch,
    invocation_record,
    object_key,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3OnFailure:
    """Puts one object for each discarded batch under ``prefix`` (empty on AWS)."""

    def __init__(
        self, client: "S3Client", bucket: str, prefix: str, mapping: EventSourceMapping
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._mapping = mapping

    def send(self, batch: DiscardedBatch) -> None:
        """Put the invocation record.

        Raises:
            DestinationError: S3 refused it or did not answer.
        """
        key = self._prefix + object_key(self._mapping.uuid, batch, str(uuid4()))
        body = encode(invocation_record(self._mapping, batch, str(uuid4())))
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType="application/json"
            )
        except (BotoCoreError, ClientError) as error:
            raise DestinationError(str(error)) from error
