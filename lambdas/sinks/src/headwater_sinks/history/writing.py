"""Writing a run of the stream's records to the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_sinks.events import events_of
from headwater_sinks.history.item import item_of
from headwater_sinks.history.settings import WriteSettings
from headwater_sinks.history.table import Table


@dataclass(frozen=True, slots=True)
class Writing:
    """Writes an item for each event that has a page, by the settings."""

    table: Table
    settings: WriteSettings

    def store(self, records: Sequence[ReceivedRecord]) -> Mapping[str, int]:
        """Write the items of records and count them; to write them again changes nothing.

        Raises:
            ThrottledError: the table did not take all of them.
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: a call failed.
        """
        items = (
            item_of(event, event.path, self.settings.write_shards, self.settings.kept)
            for event in events_of(records, self.settings.max_age)
            if event.path
        )
        return {"items": self.table.write(items)}
