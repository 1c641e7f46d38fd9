"""The queue of staged mode, and what Lambda's mapping does with the committer's role."""

from typing import Any, TypeAlias

from eventually import eventually
from iam.surroundings import INVOCATION_SECONDS, Surroundings

Event: TypeAlias = dict[str, Any]
"""What a committer is invoked with."""


def create_queue(at: Surroundings) -> None:
    """Make the queue that the writer was told of."""
    made = at.client("sqs").create_queue(QueueName=at.stack.offers_queue)
    assert made["QueueUrl"].endswith(f"/{at.stack.owner.account}/{at.stack.offers_queue}")


def offered(at: Surroundings) -> Event:
    """Return the first offers that come, once they do."""
    queue, url = _client(at), _url(at)

    def received() -> list[dict[str, Any]]:
        answer = queue.receive_message(
            QueueUrl=url, AttributeNames=["SentTimestamp"], WaitTimeSeconds=1
        )
        return list(answer.get("Messages", []))

    records = [
        {
            "body": each["Body"],
            "attributes": each["Attributes"],
            "receiptHandle": each["ReceiptHandle"],
        }
        for each in eventually(received, INVOCATION_SECONDS)
    ]
    return {"Records": records}


def delete(at: Surroundings, offers: Event) -> None:
    """Take off the queue what was committed."""
    for record in offers["Records"]:
        _client(at).delete_message(QueueUrl=_url(at), ReceiptHandle=record["receiptHandle"])


def _client(at: Surroundings) -> Any:  # noqa: ANN401 -- as boto3 makes it
    return at.client("sqs", at.stack.key("committer"))


def _url(at: Surroundings) -> str:
    return at.stack.settings("writer")["OFFERS_QUEUE_URL"]
