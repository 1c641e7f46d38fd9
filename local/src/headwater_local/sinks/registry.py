"""The sinks by name, in the order in which ``headwater up --help`` lists them."""

from collections.abc import Mapping
from typing import Final

from headwater_local.sinks.archive import ARCHIVE
from headwater_local.sinks.sink import Sink

SINKS: Final[Mapping[str, Sink]] = {"archive": ARCHIVE}
