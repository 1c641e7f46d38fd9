"""Writing a run of the stream's records to the table."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_sinks.events import events_of
from headwater_sinks.history.item import is_expired, item_of
from headwater_sinks.history.settings import WriteSettings
from headwater_sinks.history.table import Table


@dataclass(frozen=True, slots=True)
class Writing:
    """Writes an item for each event that has a page, by the settings.

    ``now`` is the clock, in seconds since 1970.
    """

    table: Table
    settings: WriteSettings
    now: Callable[[], float] = time.time

    def store(self, records: Sequence[ReceivedRecord]) -> Mapping[str, int]:
        """Write the items of records and count them; to write them again changes nothing.

        What would be expired is left out: DynamoDB never deletes an item that expired more than
        five years ago ("Using time to live (TTL) in DynamoDB", Amazon DynamoDB Developer Guide).

        Raises:
            ThrottledError: the table did not take all of them.
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: a call failed.
        """
        items = (
            item_of(event, event.path, self.settings.write_shards, self.settings.kept)
            for event in events_of(records, self.settings.max_age)
            if event.path
        )
        now = self.now()
        return {"items": self.table.write(item for item in items if not is_expired(item, now))}
