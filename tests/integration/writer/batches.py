"""Records of a shard as the tests of real tables give them to a writer."""

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.tables import EVENTS
from headwater_writer.publish.batch import Published
from headwater_writer.rows.rows import Row
from headwater_writer.writer import Writer, rows_of
from integration.writer.place import on_the_wall
from unit.writer.builders import RULES, SHARD, entry, record

OTHER_SHARD = "clicks/shardId-000000000001"


def records(first: int, last: int, shard: str = SHARD) -> list[ReceivedRecord]:
    """Return a record with one event for every number, with ids that no other shard has."""
    return [
        record(number, entry(f"{shard}-{number}"), shard=shard) for number in range(first, last + 1)
    ]


def poison(*numbers: int, shard: str = SHARD) -> list[ReceivedRecord]:
    """Return records that cannot be read."""
    return [ReceivedRecord(shard, str(number), b"poison") for number in numbers]


def events_of(received: list[ReceivedRecord]) -> list[Row]:
    """Return the rows of ``events`` that records become now."""
    return rows_of(received, RULES, on_the_wall())[EVENTS.name]


def written(writer: Writer, received: list[ReceivedRecord]) -> Published:
    """Write records that hold events alone and return what became of those."""
    return writer.write(received)[EVENTS.name]
