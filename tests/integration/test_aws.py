"""What the AWS stand-in keeps over a stop, and what it loses when it is killed."""

from headwater_local import aws_client, names
from headwater_local.ministack.provision import provision
from integration.conftest import StandIn


def _put(endpoint: str, data: bytes) -> str:
    kinesis = aws_client.kinesis(endpoint)
    answer = kinesis.put_record(StreamName=names.STREAM, Data=data, PartitionKey="key")
    return answer["SequenceNumber"]


def _records(endpoint: str) -> list[tuple[str, bytes]]:
    kinesis = aws_client.kinesis(endpoint)
    [shard] = kinesis.list_shards(StreamName=names.STREAM)["Shards"]
    iterator = kinesis.get_shard_iterator(
        StreamName=names.STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = kinesis.get_records(ShardIterator=iterator)["Records"]
    return [(record["SequenceNumber"], record["Data"]) for record in records]


def _table_version(endpoint: str) -> str:
    table = aws_client.glue(endpoint).get_table(DatabaseName=names.DATABASE, Name="events")
    return table["Table"]["VersionId"]


def test_keeps_objects_tables_and_records_over_a_gentle_stop(own_stand_in: StandIn) -> None:
    own_stand_in.start()
    endpoint = own_stand_in.endpoint
    provision(endpoint)
    first = _put(endpoint, b"one")
    aws_client.s3(endpoint).put_object(Bucket=names.BUCKET, Key="lake/x", Body=b"bytes")
    glue = aws_client.glue(endpoint)
    glue.create_table(DatabaseName=names.DATABASE, TableInput={"Name": "events"})
    glue.update_table(DatabaseName=names.DATABASE, TableInput={"Name": "events"})
    version = _table_version(endpoint)

    own_stand_in.stop()
    own_stand_in.start()
    provision(endpoint)
    second = _put(endpoint, b"two")

    assert _records(endpoint) == [(first, b"one"), (second, b"two")]
    assert int(second) > int(first)
    assert _table_version(endpoint) == version
    stored = aws_client.s3(endpoint).get_object(Bucket=names.BUCKET, Key="lake/x")
    assert stored["Body"].read() == b"bytes"


def test_keeps_objects_when_it_is_killed(own_stand_in: StandIn) -> None:
    own_stand_in.start()
    provision(own_stand_in.endpoint)
    s3 = aws_client.s3(own_stand_in.endpoint)
    s3.put_object(Bucket=names.BUCKET, Key="lake/x", Body=b"bytes")

    own_stand_in.kill()
    own_stand_in.start()

    assert s3.get_object(Bucket=names.BUCKET, Key="lake/x")["Body"].read() == b"bytes"
