"""The table in DynamoDB: writing items, and querying them newest first."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config

from headwater_sinks.history.item import PATH, TIMESTAMP, Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WRITERS: Final = 8
"""Calls at a time: a call takes some five milliseconds, and a batch may be thousands."""

CLIENT_CONFIG: Final = Config(
    connect_timeout=2,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 5},
    max_pool_connections=WRITERS,
)

_CALL_ITEMS: Final = 25
"""The most that BatchWriteItem takes (Amazon DynamoDB API reference)."""

_ATTEMPTS: Final = 8
_FIRST_PAUSE_SECONDS: Final = 0.1


class ThrottledError(Exception):
    """The table takes fewer items than it gets; writing them later is safe."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of items. ``pause`` waits for so many seconds."""

    client: "DynamoDBClient"
    name: str
    executor: Executor
    pause: Callable[[float], None] = time.sleep

    def write(self, items: Iterable[Item]) -> int:
        """Write items, each in the place of the one with its key, and return how many.

        Of items with the same key the last counts.

        Raises:
            ThrottledError: the table did not take all of them.
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: a call failed.
        """
        by_key = {(item[PATH]["S"], item[TIMESTAMP]["N"]): item for item in items}
        distinct = list(by_key.values())
        calls = [distinct[at : at + _CALL_ITEMS] for at in range(0, len(distinct), _CALL_ITEMS)]
        return sum(self.executor.map(self._write_call, calls))

    def newest(self, key: str, start: Decimal, end: Decimal, limit: int) -> Iterator[Item]:
        """Yield a partition's items from the newest on: at or after ``start``, before ``end``.

        ``limit`` is how many are asked for at a time.

        Raises:
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: a call failed.
        """
        if start >= end:
            return iter(())
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression="#path = :path AND #time BETWEEN :start AND :end",
            ExpressionAttributeNames={"#path": PATH, "#time": TIMESTAMP},
            ExpressionAttributeValues={
                ":path": {"S": key},
                ":start": {"N": str(start)},
                ":end": {"N": str(end)},
            },
            ScanIndexForward=False,
            PaginationConfig={"PageSize": limit},
        )
        found: Iterator[Any] = (item for page in pages for item in page["Items"])
        return (item for item in found if Decimal(item[TIMESTAMP]["N"]) < end)

    def _write_call(self, items: Sequence[Item]) -> int:
        left: Sequence[Any] = [{"PutRequest": {"Item": item}} for item in items]
        for attempt in range(_ATTEMPTS):
            answer = self.client.batch_write_item(RequestItems={self.name: left})
            left = answer["UnprocessedItems"].get(self.name, [])
            if not left:
                return len(items)
            self.pause(_FIRST_PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1))  # noqa: S311
        raise ThrottledError(
            f"the table {self.name} does not take {len(left)} of {len(items)} items: they are "
            "retried; if that persists, raise the table's limits or spread hot pages"
        )
