"""Lambda's side of the Runtime API: one function, invoked through a worker that polls.

The worker is the function as its image starts it, with AWS's own runtime
client. It may die, hang, or be started again at any time.
"""

import json
import logging
import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from headwater_local.lambda_service.event_source.event import (
    PAYLOAD_LIMIT_BYTES,
    encode,
)
from headwater_local.lambda_service.event_source.function import (
    FunctionError,
    FunctionUnavailableError,
)
from headwater_local.lambda_service.invocation import Invocation, Worker
from headwater_local.lambda_service.runtime_http import RuntimeServer

_LOST_GRACE_SECONDS = 1.0
"""How long a worker may take to open another connection between request and answer."""
_TAKE_SECONDS = 1.0
"""How long an event waits for a worker that is between an answer and its next poll."""
_WORKER_CHECK_SECONDS = 0.1
"""How often a polling worker is checked: it may have gone."""

_log = logging.getLogger(__name__)


class RuntimeApi:
    """Serves the Runtime API on a loopback port and invokes the function through it.

    A context manager: the port is open inside it. ``ready`` is set while a worker
    polls for events or handles one. ``timeouts`` counts the invocations
    that timed out: Lambda would have killed their worker, here its supervisor
    may. ``initialized`` is set once a worker that starts as for SnapStart
    has come to where Lambda takes the snapshot; it waits there for ``restore``.
    """

    def __init__(
        self, host: str, port: int, timeout_seconds: float, function_arn: str = ""
    ) -> None:
        self.ready = threading.Event()
        self.initialized = threading.Event()
        self.timeouts = 0
        self._timeout_seconds = timeout_seconds
        self._changed = threading.Condition()
        self._workers: set[Worker] = set()
        self._invocation: Invocation | None = None
        self._closing = False
        self._restored = False
        self._server = RuntimeServer((host, port), self, function_arn)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._server.shutdown()
        self._thread.join()
        self._server.close_connections()
        self._server.server_close()

    def invoke(self, event: Mapping[str, object]) -> object:
        """Hand one event to the worker and return the JSON value of its answer, None for nothing.

        Raises:
            FunctionError: the function raised, ran out of time, died, answered
                too much or not JSON, or the event is too large to be sent.
            FunctionUnavailableError: no worker took the event.
        """
        payload = encode(event)
        if len(payload) > PAYLOAD_LIMIT_BYTES:
            raise FunctionError("RequestTooLargeException", f"{len(payload)} bytes of payload")
        invocation = Invocation(payload)
        with self._changed:
            self._invocation = invocation
            self._changed.notify_all()
            try:
                self._await_worker(invocation)
                self._await_answer(invocation)
            finally:
                # From here on any answer is too late and refused.
                self._invocation = None
        return _outcome(invocation)

    def _await_worker(self, invocation: Invocation) -> None:
        self._changed.wait_for(lambda: invocation.worker is not None, _TAKE_SECONDS)
        if invocation.worker is None:
            raise FunctionUnavailableError("no worker polls for events")

    def _await_answer(self, invocation: Invocation) -> None:
        while not invocation.answered:
            left = invocation.ends_at - time.monotonic()
            if left <= 0:
                invocation.answer(b"", self._ran_out(invocation))
            else:
                self._changed.wait(left)

    def _ran_out(self, invocation: Invocation) -> FunctionError:
        if invocation.worker not in self._workers:
            return FunctionError("Runtime.ExitError", "the worker ended without an answer")
        self.timeouts += 1
        self._forget(invocation.worker)
        return FunctionError("Sandbox.Timedout", f"no answer in {self._timeout_seconds} seconds")

    def next_invocation(self, worker: Worker) -> Invocation | None:
        """Wait, as long as the worker does, for an event; None when it or we go."""
        with self._changed:
            self._workers.add(worker)
            self.ready.set()
            self._give_up_on_predecessor()
            while not self._closing and not worker.is_gone():
                invocation = self._invocation
                if invocation is not None and invocation.worker is None:
                    invocation.take(worker, self._timeout_seconds)
                    self._changed.notify_all()
                    return invocation
                self._changed.wait(_WORKER_CHECK_SECONDS)
        return None

    def restore(self) -> None:
        """Let workers resume from their snapshot, present and later ones."""
        with self._changed:
            self._restored = True
            self._changed.notify_all()

    def next_restore(self, worker: Worker) -> bool:
        """Wait, as long as the worker does, to be restored; False when it or we go."""
        self.initialized.set()
        with self._changed:
            while not self._restored and not self._closing and not worker.is_gone():
                self._changed.wait(_WORKER_CHECK_SECONDS)
            return self._restored

    def _give_up_on_predecessor(self) -> None:
        invocation = self._invocation
        if invocation is not None and invocation.worker is not None:
            error = FunctionError("Runtime.ExitError", "another worker polls for events")
            invocation.answer(b"", error)
            self._changed.notify_all()

    def answered(self, request_id: str, response: bytes, error: FunctionError | None) -> bool:
        """Accept a worker's answer; return whether it was awaited."""
        with self._changed:
            invocation = self._invocation
            if invocation is None or invocation.request_id != request_id or invocation.answered:
                return False
            invocation.answer(response, error)
            self._changed.notify_all()
            return True

    def init_failed(self, error: FunctionError) -> None:
        """Log that a worker could not start."""
        _log.error("the function failed to start", extra={"fields": {"reason": str(error)}})

    def restore_failed(self, error: FunctionError) -> None:
        """Log that a worker could not resume from its snapshot."""
        _log.error("the function failed to restore", extra={"fields": {"reason": str(error)}})

    def disconnected(self, worker: Worker) -> None:
        """Handle a closed connection of a worker: its invocation ends soon."""
        with self._changed:
            self._forget(worker)
            invocation = self._invocation
            if invocation is not None and invocation.worker is worker:
                soon = time.monotonic() + _LOST_GRACE_SECONDS
                invocation.ends_at = min(invocation.ends_at, soon)
                self._changed.notify_all()

    def _forget(self, worker: Worker) -> None:
        self._workers.discard(worker)
        if not self._workers:
            self.ready.clear()


def _outcome(invocation: Invocation) -> object:
    if invocation.error is not None:
        raise invocation.error
    try:
        return json.loads(invocation.response) if invocation.response else None
    except ValueError as error:
        raise FunctionError("Runtime.InvalidResponse", "the answer is not JSON") from error
