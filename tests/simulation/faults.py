"""What can go wrong, and how often it does in a schedule."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.choices import Choices


class Fault(StrEnum):
    """Something that can go wrong at one I/O."""

    STREAM_REFUSES = "the stream refuses: throttled, or the iterator expired"
    STREAM_GIVES_LITTLE = "the stream gives less than there is"
    FUNCTION_UNAVAILABLE = "the function cannot be invoked"
    FUNCTION_ANSWER_LOST = "the function's answer is lost"
    PIECE_DELIVERED = "a piece of the batch is delivered on its own as well"
    FREEZE = "the sandbox freezes"
    STORAGE_FAILS = "the storage fails"
    SWAP_FAILS = "the commit's request is lost"
    SWAP_ANSWER_LOST = "the commit's answer is lost"
    SWAP_LATE = "the commit's request is under way for long"
    WRITER_CRASHES = "the writer's process dies"
    DRIVER_CRASHES = "the driver's process dies"
    DESTINATION_REFUSES = "the on-failure destination refuses"
    DESTINATION_ANSWER_LOST = "the on-failure destination's answer is lost"
    NOTIFIED_TWICE = "the destination's notification comes twice"
    OFFER_LOST = "an offer is lost"
    OFFER_REFUSED = "the queue of offers refuses"
    OFFER_TWICE = "an offer comes twice"
    OFFER_LATE = "an offer is under way for long"
    COMMITTER_CRASHES = "the committer's process dies"
    DELIVERED_WITH_GAPS = "every other record is delivered on its own"


class Crash(BaseException):
    """A process that dies: nothing of its code may catch this."""


class StorageError(Exception):
    """A request to the storage or the catalog that failed."""


_RATES = (0.0, 0.0, 0.02, 0.1, 0.3)
_BUDGETS = (0, 1, 2, 4, 8, 16, 32)


class Faults:
    """Draws faults: each kind at a rate of its own, in all no more than a budget."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self.left = choices.of(_BUDGETS)
        self._rates = {fault: choices.of(_RATES) for fault in Fault} if self.left else {}
        self.struck: Counter[Fault] = Counter()

    def strikes(self, fault: Fault) -> bool:
        """Return whether a fault comes to pass here and now."""
        if not self.left or not self._choices.chance(self._rates[fault]):
            return False
        self.left -= 1
        self.struck[fault] += 1
        return True

    def crash(self, fault: Fault) -> None:
        """Let the current process die if the fault strikes.

        Raises:
            Crash: it does.
        """
        if self.strikes(fault):
            raise Crash(fault)
