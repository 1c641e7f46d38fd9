"""Polls of one config, once or again and again, until the process is told to stop."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headwater_collector.delivery import Patience
from headwater_collector.stream import Stream
from headwater_poller.authorization import Secrets, credentials
from headwater_poller.client import Client
from headwater_poller.config import Config
from headwater_poller.errors import PollError, StoppedError
from headwater_poller.poll import Outcome, Poll, utc_now
from headwater_poller.sending import Sender
from headwater_poller.stores import Store

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

STREAM_BUDGET = 60.0
"""Seconds for the stream to confirm what one request of the collector would hold: nobody waits for
an answer here, so it is longer than the collector's."""


@dataclass(frozen=True, slots=True)
class Poller:
    """Polls one config; ``report`` receives each outcome, ``stop`` ends it.

    Without ``secrets_manager`` secrets can only be in ``environment``.
    """

    config: Config
    stream: Stream
    store: Store
    report: Callable[[Outcome], None]
    stop: threading.Event
    environment: Mapping[str, str]
    secrets_manager: "Callable[[], SecretsManagerClient] | None"

    def poll(self) -> Outcome:
        """Poll once, and return what became of it.

        A stop ends it early, and is not a failure; a defect ends the poll, and not the process.
        """
        poll = Poll(
            self.config,
            Client(self.config.limits, self.config.headers, self._pause),
            self.store,
            Sender(
                self.stream,
                self.config,
                utc_now,
                Patience(budget=STREAM_BUDGET, longest_pause=5.0, sleep=self._pause),
            ),
        )
        try:
            secrets = Secrets(self.environment, self.secrets_manager)
            poll.client.credentials = credentials(self.config.auth, secrets.read)
            poll.run()
        except PollError as error:
            poll.outcome.failure = str(error)
        except StoppedError:
            pass
        except Exception as error:  # noqa: BLE001 -- the report has it, with its traceback
            poll.outcome.failure = (
                f"a defect of the poller ended the poll ({type(error).__name__}): report it with "
                "the traceback"
            )
            poll.outcome.defect = error
        self.report(poll.outcome)
        return poll.outcome

    def run(self) -> None:
        """Poll as often as the config says, until the stop."""
        while not self.stop.is_set():
            self.poll()
            self.stop.wait(self.config.every.total_seconds())

    def _pause(self, seconds: float) -> None:
        if self.stop.wait(seconds):
            raise StoppedError
