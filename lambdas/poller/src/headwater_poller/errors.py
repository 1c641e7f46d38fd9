"""Why a poll ends early, as the deployer reads it.

What was polled before is on the stream, and the next poll goes on from the saved state.

- PollError
    - SecretError: a secret that the config refers to cannot be read
    - RequestError: no answer, or a refusal
        - TransientError: the same request may succeed later
    - AnswerError: an answer that cannot be read, or is too large
    - PagingError: pages that lead nowhere
    - StreamError: the stream did not confirm every record
    - StateError: the state cannot be read or written
        - ConflictError: another poller has written it meanwhile
"""


class PollError(Exception):
    """A poll that ended early; its text is a sentence with the cause and the remedy."""


class SecretError(PollError):
    """A secret cannot be read."""


class RequestError(PollError):
    """The API did not answer, or refused."""


class TransientError(RequestError):
    """The API may answer the same request later; ``retry_after`` is in seconds, if it said so."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class AnswerError(PollError):
    """An answer holds no records that can be read."""


class PagingError(PollError):
    """A page leads to one that has been read."""


class StreamError(PollError):
    """The stream did not confirm every record in time. Some of them may be on it."""


class StateError(PollError):
    """The state cannot be read or written."""


class ConflictError(StateError):
    """The state is not the one that was read."""


class StoppedError(Exception):
    """The process was told to stop."""
