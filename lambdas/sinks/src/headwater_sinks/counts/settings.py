"""The settings of the counts, from their environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Self

from headwater_sinks.settings import SettingsError, max_age, required, whole

BUNDLE: Final = Path(__file__).with_name("rds-global-bundle.pem")
"""The root certificates of Amazon RDS, for every region ("Using SSL/TLS to encrypt a connection to
a DB instance or cluster", Amazon RDS User Guide), but for those that have expired."""

_SSL_MODES: Final = ("verify-full", "prefer")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of the sink.

    ``host`` (``POSTGRES_HOST``), ``port`` (``POSTGRES_PORT``) and ``database``
    (``POSTGRES_DATABASE``) say where the tables are, ``secret`` (``POSTGRES_SECRET``) which secret
    has ``username`` and ``password``. ``ssl_mode`` (``POSTGRES_SSL_MODE``) is ``verify-full``
    unless the database is on this machine; ``max_age`` is the writer's.
    """

    host: str
    port: int
    database: str
    secret: str
    ssl_mode: str
    max_age: timedelta

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            SettingsError: one of them is missing or not valid.
        """
        return cls(
            host=required(environment, "POSTGRES_HOST"),
            port=whole(environment, "POSTGRES_PORT", 5432, range(1, 65536)),
            database=required(environment, "POSTGRES_DATABASE"),
            secret=required(environment, "POSTGRES_SECRET"),
            ssl_mode=_ssl_mode(environment.get("POSTGRES_SSL_MODE") or _SSL_MODES[0]),
            max_age=max_age(environment),
        )


def _ssl_mode(text: str) -> str:
    if text not in _SSL_MODES:
        raise SettingsError(f"POSTGRES_SSL_MODE is {text!r}: give one of {', '.join(_SSL_MODES)}")
    return text
