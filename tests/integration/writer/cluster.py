"""A stream on the AWS stand-in, and rounds of a cluster on it."""

from dataclasses import dataclass, field

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_local import aws_client
from headwater_local.names import REGION
from headwater_writer.cluster.engine import SparkEngine
from headwater_writer.cluster.kinesis import KinesisSource
from headwater_writer.cluster.reading import Source
from headwater_writer.cluster.rounds import Outcome, Rounds
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.settle import random_pause
from headwater_writer.rows.rows import Rules
from headwater_writer.writer import Writer
from integration.writer.place import Place, on_the_wall
from unit.writer.builders import GROUP, RULES


@dataclass
class KinesisShards:
    """A stream of one name for each place, with some shards; what was put is in ``records``."""

    place: Place
    shards: int
    records: dict[str, list[ReceivedRecord]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        client = aws_client.kinesis(self.place.endpoint)
        client.create_stream(StreamName=self.name, ShardCount=self.shards)
        for described in client.list_shards(StreamName=self.name)["Shards"]:
            self.records[described["ShardId"]] = []
        self._client = client

    @property
    def name(self) -> str:
        return self.place.database

    @property
    def source(self) -> KinesisSource:
        return KinesisSource(self.name, REGION, self.place.endpoint)

    def put(self, shard: int, data: bytes) -> ReceivedRecord:
        """Append a record to a shard, and return it as a mapping delivers it."""
        described = self._client.list_shards(StreamName=self.name)["Shards"][shard]
        answer = self._client.put_record(
            StreamName=self.name,
            Data=data,
            PartitionKey="k",
            ExplicitHashKey=described["HashKeyRange"]["StartingHashKey"],
        )
        name = f"{self.name}/{answer['ShardId']}"
        record = ReceivedRecord(name, answer["SequenceNumber"], data)
        self.records[answer["ShardId"]].append(record)
        return record


def rounds(place: Place, source: Source, rules: Rules = RULES) -> Rounds:
    """Return the rounds of a new driver, which remembers nothing."""
    tables = place.lake().tables(rules.plan)
    publisher = Publisher(tables, GROUP, on_the_wall, random_pause)
    writer = Writer(lambda: publisher, rules, on_the_wall)
    engine = SparkEngine(place.spark, tables, source, rules)
    return Rounds(publisher, writer, source, engine, on_the_wall)


def run_to_the_end(job: Rounds) -> None:
    """Run rounds until nothing is open."""
    while job.run() is not Outcome.IDLE:
        pass
