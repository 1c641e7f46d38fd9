"""The parts of the local run, and how each may be treated."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A process of the local run.

    ``grace_seconds`` is how long it may take to stop when asked. One that is not ``restartable``
    ends the run when it dies.
    """

    name: str
    grace_seconds: float = 5.0
    restartable: bool = True


AWS = Part("aws", grace_seconds=60.0, restartable=False)
"""The stand-in saves the stream and the catalog when it is asked to stop. It holds the stream in
memory, so an empty one in its place would lose events without a word."""

DRIVER = Part("driver")
WRITER = Part("writer")
COLLECTOR = Part("collector")
SITE = Part("site")

TRAINING = Part("training")
"""Makes the class archive beside a first run, and ends."""

MAINTENANCE = Part("maintenance")
REPLAY = Part("replay")
"""Functions that a command invokes, each in a process that ends with its answer."""

ROUTE = (AWS, DRIVER, WRITER, COLLECTOR, SITE)
"""In the order in which they are started."""

STOP_ORDER = (TRAINING, *reversed(ROUTE))
"""From the edge inwards: the stand-in last, as it holds what the others work on."""
