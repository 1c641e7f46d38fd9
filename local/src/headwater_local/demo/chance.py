"""Chance that is the same each time: a text goes in, and the same decisions come out."""

import random
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """What one thing about the demo is decided by; ``key`` names the thing."""

    def __init__(self, *key: object) -> None:
        super().__init__("/".join(map(str, key)))

    def happens(self, probability: float) -> bool:
        """Return whether something of this probability (0 to 1) happens."""
        return self.random() < probability

    def one_of(self, weights: Mapping[T, float]) -> T:
        """Return one of the keys, each as often as its weight says."""
        return self.choices([*weights], [*weights.values()])[0]
