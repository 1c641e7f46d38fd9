"""Where alerts go: an SNS topic, or nowhere."""

from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class NotPublishedError(Exception):
    """The topic did not take an alert."""


class Topic(Protocol):
    """Somewhere to send alerts to."""

    def send(self, subject: str, text: str) -> None:
        """Send an alert.

        Raises:
            NotPublishedError: it was not taken, or the answer was lost.
        """


class SnsTopic:
    """An SNS topic."""

    def __init__(self, client: "SNSClient", arn: str) -> None:
        self._client = client
        self._arn = arn

    def send(self, subject: str, text: str) -> None:
        """Publish an alert on a connection of its own.

        Raises:
            NotPublishedError: SNS refused or did not answer.
        """
        try:
            self._client.publish(TopicArn=self._arn, Subject=subject, Message=text)
        except (BotoCoreError, ClientError) as error:
            raise NotPublishedError(str(error)) from error
        finally:
            # The next alert is ten minutes away, and a frozen process does not see a connection
            # die.
            self._client.close()


class NoTopic:
    """No topic: nobody is alerted."""

    def send(self, subject: str, text: str) -> None:
        """Send nothing."""


class MemoryTopic:
    """A topic in memory; ``sent`` holds subjects and texts, ``broken`` makes it fail."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.broken = False

    def send(self, subject: str, text: str) -> None:
        """Keep an alert.

        Raises:
            NotPublishedError: the topic is broken.
        """
        if self.broken:
            raise NotPublishedError("the topic is broken")
        self.sent.append((subject, text))
