"""What one run of `headwater up` works on and whom it tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.parts import Parts
from headwater_local.ports import Ports
from headwater_local.steps import Steps


@dataclass(frozen=True)
class Run:
    """One run: its directories, ports, environment, and its voice."""

    data_dir: DataDir
    cache: Cache
    ports: Ports
    environment: Mapping[str, str]
    steps: Steps

    @property
    def parts(self) -> Parts:
        """The commands of the parts."""
        return Parts(self.data_dir, self.cache, self.ports, self.environment)
