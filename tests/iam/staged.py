"""The queue of staged mode, from which Lambda's mapping takes offers with the committer's role."""

from iam.surroundings import Surroundings
from integration.writer.offers_queue import OffersQueue


def create_queue(at: Surroundings) -> OffersQueue:
    """Make the queue that the writer was told of, and return it as the mapping sees it."""
    made = at.client("sqs").create_queue(QueueName=at.stack.offers_queue)
    assert made["QueueUrl"].endswith(f"/{at.stack.owner.account}/{at.stack.offers_queue}")
    url = at.stack.settings("writer")["OFFERS_QUEUE_URL"]
    return OffersQueue(at.client("sqs", at.stack.key("committer")), url)
