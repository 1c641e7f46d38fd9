"""The outside world of an event source mapping, in one place."""

from dataclasses import dataclass

from headwater_local.lambda_service.event_source.checkpoints import Checkpoints
from headwater_local.lambda_service.event_source.clock import Clock
from headwater_local.lambda_service.event_source.function import Function
from headwater_local.lambda_service.event_source.on_failure import OnFailure
from headwater_local.lambda_service.event_source.stream import Stream


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything that a step may touch. ``fakes`` has each of them in memory."""

    stream: Stream
    function: Function
    checkpoints: Checkpoints
    on_failure: OnFailure
    clock: Clock
