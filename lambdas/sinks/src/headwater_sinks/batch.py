"""An invocation by the event source mapping, answered with what is to be retried."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from aws_lambda_powertools import Logger

from headwater_contract.kinesis_event import ReceivedRecord, cut, received_records
from headwater_contract.stream_record import extent

RUN_BYTES: Final = 64 * 1024 * 1024
"""What the events of a run may take in memory, of the function's 512 MB."""

_CHARACTER_BYTES: Final = 4
"""Bytes for each of a message's own: one emoji makes Python store all of its text that wide."""

_ENTRY_BYTES: Final = 4 * 1024
"""What a message takes beside its text, as an event and as an item or a row."""

Response: TypeAlias = dict[str, list[dict[str, str]]]
Store: TypeAlias = Callable[[Sequence[ReceivedRecord]], Mapping[str, int]]
"""Stores what consecutive records of one shard hold, as a whole or to be repeated, and returns
counts for the log. Whatever it raises has these records delivered again."""


def handle(event: Mapping[str, Any], store: Store, logger: Logger) -> Response:
    """Store an invocation's records and return the partial-batch response that AWS documents.

    A failure before anything was stored is raised, so that it counts as an error of the function.
    After that, the first sequence number that is still to be stored is reported.
    """
    stored = 0
    for run in cut(received_records(event), _weight, RUN_BYTES):
        try:
            counts = store(run)
        except Exception:
            if not stored:
                raise
            logger.exception("run failed", records=len(run))
            return {"batchItemFailures": [{"itemIdentifier": run[0].sequence}]}
        stored += len(run)
        logger.info("stored", shard=run[0].shard, records=len(run), counts=dict(counts))
    return {"batchItemFailures": []}


def _weight(data: bytes) -> int:
    taken = extent(data)
    return _CHARACTER_BYTES * taken.size + _ENTRY_BYTES * taken.entries
