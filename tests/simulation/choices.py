"""Every decision of a schedule, drawn from a seed or from a list of earlier decisions."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Option = TypeVar("Option")


class Choices:
    """A source of decisions that remembers them in ``taken``.

    Zero is always the plainest decision: no fault, the first actor, the smallest world. A list
    that runs out goes on with zeros, so a shorter list is a plainer schedule.
    """

    def __init__(self, draw: Callable[[int, float], int]) -> None:
        self._draw = draw
        self.taken: list[int] = []

    @classmethod
    def seeded(cls, seed: int) -> Choices:
        """Return the decisions that a seed stands for."""
        random = Random(seed)  # noqa: S311 - it has to repeat itself

        def draw(options: int, chance: float) -> int:
            if chance:
                return int(random.random() < chance)
            return int(random.random() * options)

        return cls(draw)

    @classmethod
    def repeated(cls, taken: Sequence[int]) -> Choices:
        """Return decisions that were taken before, cut down to what is possible now."""
        left = iter(taken)
        return cls(lambda options, _chance: min(next(left, 0), options - 1))

    def below(self, options: int) -> int:
        """Return a number from 0 to ``options`` - 1."""
        if options == 1:
            return 0
        return self._take(options, 0.0)

    def chance(self, probability: float) -> bool:
        """Return True with a probability; False where it is 0."""
        return probability > 0 and bool(self._take(2, probability))

    def of(self, options: Sequence[Option]) -> Option:
        """Return one of the options; the first is the plainest."""
        return options[self.below(len(options))]

    def _take(self, options: int, chance: float) -> int:
        choice = self._draw(options, chance)
        self.taken.append(choice)
        return choice
