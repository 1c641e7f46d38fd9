"""One run of ``headwater up``: what it works on, and its parts, each with how it may be treated."""

from collections.abc import Mapping
from dataclasses import dataclass

from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.ports import Ports


@dataclass(frozen=True)
class Run:
    """One run: its directories, its ports, the environment of its user, and its tracking plan.

    ``sinks`` are the names of those that are switched on, ``postgres_url`` is the user's own
    database for the counts.
    """

    data_dir: DataDir
    cache: Cache
    ports: Ports
    environment: Mapping[str, str]
    tracking_plan: bytes | None = None
    sinks: tuple[str, ...] = ()
    postgres_url: str | None = None


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

SINKS = (
    *(Part("history-driver"), Part("history")),
    *(Part("postgres", grace_seconds=30.0), Part("counts-driver"), Part("counts")),
    Part("archive", grace_seconds=30.0),
)
"""The processes of every sink, in the order in which they are started, after the route."""

STOP_ORDER = (TRAINING, *reversed((*ROUTE, *SINKS)))
"""From the edge inwards: the stand-in last, as it holds what the others work on."""
