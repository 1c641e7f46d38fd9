"""Offers by way of an SQS queue."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from headwater_writer.settings import Settings
from headwater_writer.staged.offer import Offer, OfferError
from headwater_writer.staged.wire import encoded

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# A writer that cannot offer commits by itself: better soon than after long retries.
_CONFIG: Final = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
)


@dataclass(frozen=True, slots=True)
class SqsOffers:
    """A queue that offers are sent to, by its URL."""

    client: "SQSClient"
    url: str

    @classmethod
    def of(cls, settings: Settings, url: str) -> "SqsOffers":
        """Return the queue at a URL."""
        client = boto3.client(
            "sqs", region_name=settings.region, endpoint_url=settings.endpoint, config=_CONFIG
        )
        return cls(client, url)

    def send(self, offer: Offer) -> None:
        """Send an offer.

        Raises:
            OfferError: it is too long, the queue refused it, or did not answer.
        """
        try:
            self.client.send_message(QueueUrl=self.url, MessageBody=encoded(offer))
        except (BotoCoreError, ClientError) as error:
            raise OfferError(f"the offers queue did not accept an offer: {error}") from error
        finally:
            # A process that Lambda freezes does not see a connection die.
            self.client.close()
