"""What happens to requests on their way to AWS: some are lost, of some the answer is."""

import time
from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Final, Literal, TypeAlias

from integration.writer.interceptor import Answer, DroppedError, Forward, Request

Fate: TypeAlias = Literal["passes", "request lost", "answer lost", "answer lost late", "timed out"]

_Chances: TypeAlias = Mapping[Fate, float]

_OF_COMMITS: Final[_Chances] = {"request lost": 0.04, "answer lost": 0.05, "answer lost late": 0.01}
_OF_CATALOG: Final[_Chances] = {"request lost": 0.004, "answer lost": 0.004}
_OF_FILES: Final[_Chances] = {"request lost": 0.0005, "answer lost": 0.0005}

LATE_SECONDS: Final = 5.0
"""How long an answer takes that is lost late: others commit a dozen times meanwhile."""


class Weather:
    """Decides on each request by chance, while it is not ``calm``, and counts what it did."""

    def __init__(self, seed: int) -> None:
        self.calm = False
        self.counts: Counter[Fate] = Counter()
        self._random = Random(seed)  # noqa: S311 (it has to repeat itself)

    def __call__(self, request: Request, forward: Forward) -> Answer:
        fate: Fate = "passes" if self.calm else self._drawn(request)
        self.counts[fate] += 1
        if fate == "request lost":
            raise DroppedError
        try:
            answer = forward()
        except TimeoutError:
            # The stand-in is overloaded: one more answer that is lost, whatever became of it.
            self.counts["timed out"] += 1
            raise DroppedError from None
        if fate == "passes":
            return answer
        if fate == "answer lost late":
            time.sleep(LATE_SECONDS)
        raise DroppedError

    def _drawn(self, request: Request) -> Fate:
        drawn = self._random.random()
        for fate, chance in _chances(request).items():
            drawn -= chance
            if drawn < 0:
                return fate
        return "passes"


def _chances(request: Request) -> _Chances:
    target = request.headers.get("x-amz-target", "")
    if target == "AWSGlue.UpdateTable":
        return _OF_COMMITS
    return _OF_CATALOG if target else _OF_FILES
