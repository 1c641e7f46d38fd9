"""The settings of the history, from its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from headwater_sinks.history.keys import MAX_WRITE_SHARDS
from headwater_sinks.settings import max_age, required, whole


@dataclass(frozen=True, slots=True)
class WriteSettings:
    """The settings of the sink.

    ``table`` (``HISTORY_TABLE``) is the table's name, ``write_shards`` (``HISTORY_WRITE_SHARDS``)
    how many partitions a page is spread over. ``kept`` (``HISTORY_TTL_DAYS``) is how long after an
    event its item goes, None (0 days) for never; ``max_age`` is the writer's.
    """

    table: str
    write_shards: int
    kept: timedelta | None
    max_age: timedelta

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            SettingsError: one of them is missing or not valid.
        """
        days = whole(environment, "HISTORY_TTL_DAYS", 90, range(3651))
        return cls(
            table=required(environment, "HISTORY_TABLE"),
            write_shards=write_shards(environment),
            kept=timedelta(days=days) if days else None,
            max_age=max_age(environment),
        )


def write_shards(environment: Mapping[str, str]) -> int:
    """Return how many partitions a page is spread over.

    Raises:
        SettingsError: the setting is not valid.
    """
    return whole(environment, "HISTORY_WRITE_SHARDS", 1, range(1, MAX_WRITE_SHARDS + 1))
