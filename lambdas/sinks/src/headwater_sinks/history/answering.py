"""Answering requests for ``GET /v1/history``, as API Gateway hands them over (payload 2.0)."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from headwater_sinks.history.access import ReadKeys
from headwater_sinks.history.query import QueryError, read_query
from headwater_sinks.history.reading import encode, read
from headwater_sinks.history.table import Table

Response = dict[str, Any]

_HEADERS: Final = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
_NO_READ_KEY: Final = "the read key is missing or unknown: send one as Authorization: Bearer KEY"


@dataclass(frozen=True, slots=True)
class History:
    """Answers requests for the history. ``now`` is the clock, in seconds since 1970."""

    table: Table
    write_shards: int
    read_keys: ReadKeys
    allowed_origins: Collection[str]
    logger: Logger
    now: Callable[[], float] = time.time

    def answer(self, event: Mapping[str, Any]) -> Response:
        """Return the response to a request: a sentence for each that cannot be answered."""
        headers = {**_HEADERS, **self._cors(event["headers"].get("origin", ""))}
        status, body = self._answer(event)
        return {"statusCode": status, "headers": headers, "body": encode(body)}

    def _answer(self, event: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        if not self.read_keys.admit(event["headers"]):
            return 401, _failure(_NO_READ_KEY)
        try:
            query = read_query(event.get("queryStringParameters") or {})
            return 200, read(self.table, query, self.write_shards, self.now())
        except QueryError as error:
            return 400, _failure(str(error))
        except (BotoCoreError, ClientError):
            self.logger.exception("the table cannot be read")
            return 503, _failure("the history cannot be read right now: retry later")

    def _cors(self, origin: str) -> Mapping[str, str]:
        if "*" in self.allowed_origins:
            return {"access-control-allow-origin": "*"}
        allowed = {"access-control-allow-origin": origin} if origin in self.allowed_origins else {}
        return {"vary": "Origin", **allowed}


def _failure(reason: str) -> Mapping[str, Any]:
    return {"success": False, "error": reason}
