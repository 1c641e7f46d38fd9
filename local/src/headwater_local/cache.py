"""The cache folder: what the first run downloads and every later run reuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Cache:
    """Layout of the cache folder, shared by all data directories of a user."""

    root: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Find the folder: ``$XDG_CACHE_HOME/headwater``, else ``~/.cache/headwater``.

        The XDG Base Directory Specification says to ignore a relative value.
        """
        xdg = Path(environment.get("XDG_CACHE_HOME", ""))
        base = xdg if xdg.is_absolute() else Path.home() / ".cache"
        return cls(base / "headwater")

    @property
    def jars(self) -> Path:
        """The pinned jars of Spark and Iceberg."""
        return self.root / "jars"

    @property
    def cds_archives(self) -> Path:
        """The JVM's class archives, one for each set of jars."""
        return self.root / "class-archives"

    @property
    def stand_ins(self) -> Path:
        """Virtual environments of the AWS stand-in, one for each set of pins."""
        return self.root / "aws-stand-in"
