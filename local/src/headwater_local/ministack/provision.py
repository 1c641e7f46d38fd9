"""The stream, the bucket and the Glue database, which Terraform creates on AWS."""

from headwater_local import aws_client, names

STREAM_RETENTION_HOURS = 168
"""A week instead of AWS's default of a day: a laptop that sleeps keeps its stream."""


def provision(endpoint: str) -> None:
    """Create what is missing on the stand-in; what exists stays as it is.

    Raises:
        botocore.exceptions.ClientError: the stand-in at ``endpoint`` refused.
    """
    _provision_bucket(endpoint)
    _provision_database(endpoint)
    _provision_stream(endpoint)


def _provision_bucket(endpoint: str) -> None:
    s3 = aws_client.s3(endpoint)
    names_there = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    if names.BUCKET not in names_there:
        s3.create_bucket(Bucket=names.BUCKET)


def _provision_database(endpoint: str) -> None:
    glue = aws_client.glue(endpoint)
    try:
        glue.get_database(Name=names.DATABASE)
    except glue.exceptions.EntityNotFoundException:
        glue.create_database(DatabaseInput={"Name": names.DATABASE})


def _provision_stream(endpoint: str) -> None:
    kinesis = aws_client.kinesis(endpoint)
    if names.STREAM in kinesis.list_streams()["StreamNames"]:
        return
    kinesis.create_stream(StreamName=names.STREAM, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(
        StreamName=names.STREAM, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    kinesis.increase_stream_retention_period(
        StreamName=names.STREAM, RetentionPeriodHours=STREAM_RETENTION_HOURS
    )
