"""What one run of ``headwater up`` works on."""

from collections.abc import Mapping
from dataclasses import dataclass

from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.ports import Ports


@dataclass(frozen=True)
class Run:
    """One run: its directories, its ports, the environment of its user, and its tracking plan."""

    data_dir: DataDir
    cache: Cache
    ports: Ports
    environment: Mapping[str, str]
    tracking_plan: bytes | None = None
