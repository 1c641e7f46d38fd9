"""What a writer has around it, and what becomes of that while it stands still for days."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from headwater_local import aws_client
from integration.writer.container_credentials import ContainerCredentials
from integration.writer.interceptor import Answer, DroppedError, Forward, Interceptor, Request
from integration.writer.wall_clock import WallClock

VALID: Final = timedelta(hours=6)
"""How long keys are good for."""

_REFUSED: Final = Answer(
    403,
    {"Content-Type": "application/x-amz-json-1.1"},
    b'{"__type": "ExpiredTokenException", "message": "the token has expired"}',
)


class Surroundings:
    """AWS by a proxy, with keys that expire, and a clock; ``around`` makes them.

    ``requests`` holds what was asked of AWS, ``unanswered`` what was asked on connections that it
    has forgotten, ``refused`` what was asked with keys that have expired.
    """

    def __init__(
        self, wire: Interceptor, credentials: ContainerCredentials, clock: WallClock
    ) -> None:
        self.wire = wire
        self.clock = clock
        self.requests: list[Request] = []
        self.unanswered: list[Request] = []
        self.refused: list[Request] = []
        self._credentials = credentials
        self._forgotten = 0
        self._over = threading.Event()
        wire.script = self._answer

    @classmethod
    @contextmanager
    def around(cls, endpoint: str, directory: Path) -> "Iterator[Surroundings]":
        """Stand between a writer and the stand-in; the folder is for the clock."""
        clock = WallClock(directory)
        credentials = ContainerCredentials("KEY-0", clock.now + VALID)
        with Interceptor(endpoint) as wire, credentials:
            made = cls(wire, credentials, clock)
            try:
                yield made
            finally:
                made._over.set()

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables of a writer that starts from a snapshot here: its keys are not in them."""
        aws = aws_client.environment(self.wire.endpoint)
        del aws["AWS_ACCESS_KEY_ID"], aws["AWS_SECRET_ACCESS_KEY"]
        start = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
        return aws | start | dict(self._credentials.environment) | dict(self.clock.environment)

    def forget_connections(self) -> None:
        """Answer nothing more on the connections of now, without a word."""
        self._forgotten = self.wire.opened

    def reset_connections(self) -> None:
        """Break the connections of now off."""
        self.wire.reset_connections()

    def pass_time(self, by: timedelta) -> None:
        """Move the clock on; where that is past the end of the keys, there are new ones."""
        self.clock.move(by)
        if by > VALID:
            self._credentials.issue(f"KEY-{self.clock.now:%d%H%M%S}", self.clock.now + VALID)

    def _answer(self, request: Request, forward: Forward) -> Answer:
        if request.connection <= self._forgotten:
            self.unanswered.append(request)
            self._over.wait()
            raise DroppedError
        if f"Credential={self._credentials.key}/" not in request.headers.get("authorization", ""):
            self.refused.append(request)
            return _REFUSED
        self.requests.append(request)
        return forward()
