"""The history on the laptop: its table on the AWS stand-in, its function, and its route.

The route is served by the API's process (``api_gateway.collector``).
"""

from headwater_local import aws_client, names
from headwater_local.sinks.consumer import start_consumer
from headwater_local.supervision.run import Run
from headwater_local.supervision.supervisor import Supervisor
from headwater_sinks.history.item import EXPIRES_AT, PATH, TIMESTAMP


def prepare(run: Run) -> None:
    """Create the table if it is missing, as ``terraform/modules/sinks/history`` does."""
    create_table(run.ports.aws_url, names.HISTORY_TABLE)


def create_table(endpoint: str, name: str) -> None:
    """Create a table for the history on the stand-in; one that exists stays as it is."""
    dynamodb = aws_client.dynamodb(endpoint)
    try:
        dynamodb.create_table(
            TableName=name,
            AttributeDefinitions=[
                {"AttributeName": PATH, "AttributeType": "S"},
                {"AttributeName": TIMESTAMP, "AttributeType": "N"},
            ],
            KeySchema=[
                {"AttributeName": PATH, "KeyType": "HASH"},
                {"AttributeName": TIMESTAMP, "KeyType": "RANGE"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
    except dynamodb.exceptions.ResourceInUseException:
        return
    dynamodb.update_time_to_live(
        TableName=name,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRES_AT},
    )


def start(run: Run, supervisor: Supervisor) -> None:
    """Start the function and its driver."""
    handler = "headwater_sinks.history.function.handler"
    start_consumer(run, supervisor, "history", handler, {"HISTORY_TABLE": names.HISTORY_TABLE})
