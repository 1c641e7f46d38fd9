"""An invocation by the event source mapping, answered with what is to be retried."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools import Logger

from headwater_contract.kinesis_event import received_records
from headwater_writer.chunks import chunks
from headwater_writer.latency import latency_seconds
from headwater_writer.writer import Writer

MAX_CHUNK_BYTES: Final = 30 * 1024 * 1024
"""What is written in one commit, by its weight (``chunks``): what 2 GB of memory hold beside
Java."""

Response = dict[str, list[dict[str, str]]]


def handle(event: Mapping[str, Any], writer: Writer, logger: Logger) -> Response:
    """Write an invocation's records and return the partial-batch response that AWS documents.

    A failure before anything was written is raised, so that it counts as an error of the function.
    After that, the first sequence number that is still to be written is reported.
    """
    written = 0
    for chunk in chunks(received_records(event), MAX_CHUNK_BYTES):
        began = time.monotonic()
        try:
            published = writer.write(chunk)
        except Exception:
            if not written:
                raise
            logger.exception("chunk failed", records=len(chunk))
            return {"batchItemFailures": [{"itemIdentifier": chunk[0].sequence}]}
        written += len(chunk)
        logger.info(
            "published",
            shard=chunk[0].shard,
            records=len(chunk),
            rows={name: outcome.written for name, outcome in published.items()},
            covered=sum(outcome.covered for outcome in published.values()),
            repeats=sum(outcome.repeats for outcome in published.values()),
            missing=sum(outcome.missing for outcome in published.values()),
            taken_back=any(outcome.taken_back for outcome in published.values()),
            seconds=round(time.monotonic() - began, 3),
            latency_seconds=latency_seconds(
                (record.arrived_at for record in chunk), datetime.now(UTC)
            ),
        )
    return {"batchItemFailures": []}


def log_unread(logger: Logger, unread: Mapping[str, int]) -> None:
    """Log how often which field of a context held something that no column could be filled of."""
    logger.info("unread", fields=dict(unread), total=sum(unread.values()))
