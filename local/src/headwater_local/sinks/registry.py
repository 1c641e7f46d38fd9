"""The sinks by name, in the order in which ``headwater up --help`` lists them."""

from collections.abc import Mapping
from typing import Final

from headwater_local.sinks import archive, counts, history
from headwater_local.sinks.sink import Sink

SINKS: Final[Mapping[str, Sink]] = {
    "archive": Sink(archive.prepare, archive.start),
    "history": Sink(history.prepare, history.start),
    "counts": Sink(counts.prepare, counts.start),
}
