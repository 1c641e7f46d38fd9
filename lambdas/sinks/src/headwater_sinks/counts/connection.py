"""A connection that outlives its own failures: a frozen function, a restart, a rotated password.

A function handles one batch of a shard at a time, so it needs one connection, and the database has
as many as the stream has shards.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

import psycopg

from headwater_sinks.counts.credentials import Credentials, Login
from headwater_sinks.counts.migrations import migrate
from headwater_sinks.counts.settings import BUNDLE, Settings

if TYPE_CHECKING:
    from psycopg import Connection

Result = TypeVar("Result")

_LIMITS: Final[dict[str, Any]] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    # Milliseconds: a host that vanished, as in a failover, acknowledges nothing. Keepalives do not
    # notice it while a statement is on its way, and Linux retransmits for a quarter of an hour.
    "tcp_user_timeout": 20_000,
    # Milliseconds: a lock that is held, or a statement that hangs, fails while there is time left
    # to say so.
    "options": "-c lock_timeout=60000 -c statement_timeout=120000 -c timezone=UTC",
    "application_name": "headwater-counts",
}

_GONE: Final = (psycopg.OperationalError, psycopg.InterfaceError)


@dataclass(slots=True)
class Database:
    """A database, reached by one connection that is made when it is needed."""

    settings: Settings
    credentials: Credentials
    _connection: "Connection | None" = field(default=None, init=False)

    def transact(self, work: Callable[["Connection"], Result]) -> Result:
        """Do the work in a transaction and return its result.

        A connection that was kept may have died meanwhile, so the work is then repeated on a
        new one. It must be idempotent: a commit whose answer was lost may have happened.

        Raises:
            psycopg.Error: the database refused, or went away.
        """
        kept = self._connection
        try:
            return self._transact(work)
        except _GONE:
            self.close()
            if kept is None:
                raise
            return self._transact(work)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _transact(self, work: Callable[["Connection"], Result]) -> Result:
        if self._connection is None:
            self._connection = self._connect()
        with self._connection.transaction():
            return work(self._connection)

    def _connect(self) -> "Connection":
        login = self.credentials.login()
        try:
            connection = self._log_in(login)
        except psycopg.OperationalError:
            # The password may have been rotated since it was read. libpq gives no code for a login
            # that failed, so compare the secret itself.
            renewed = self.credentials.read()
            if renewed == login:
                raise
            connection = self._log_in(renewed)
        try:
            migrate(connection)
        except psycopg.Error:
            connection.close()
            raise
        return connection

    def _log_in(self, login: Login) -> "Connection":
        tls: dict[str, Any] = {"sslmode": self.settings.ssl_mode}
        if self.settings.ssl_mode == "verify-full":
            tls["sslrootcert"] = str(BUNDLE)
        return psycopg.connect(
            host=self.settings.host,
            port=self.settings.port,
            dbname=self.settings.database,
            user=login.username,
            password=login.password,
            autocommit=True,
            **tls,
            **_LIMITS,
        )
