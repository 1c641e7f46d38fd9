"""The sinks by name, in the order in which ``headwater up --help`` lists them."""

from collections.abc import Mapping
from typing import Final

from headwater_local.sinks.archive import ARCHIVE
from headwater_local.sinks.counts import COUNTS
from headwater_local.sinks.history import HISTORY
from headwater_local.sinks.sink import Sink

SINKS: Final[Mapping[str, Sink]] = {"history": HISTORY, "counts": COUNTS, "archive": ARCHIVE}
