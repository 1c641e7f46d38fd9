"""The counts on the laptop: a PostgreSQL, the secret that opens it, and the function."""

import json
from urllib.parse import unquote, urlsplit

from headwater_local import aws_client, names
from headwater_local.errors import SettingError
from headwater_local.sinks.consumer import READY_SECONDS, start_consumer
from headwater_local.sinks.postgres_server import DATABASE, USER, socket_folder
from headwater_local.supervision import part_commands
from headwater_local.supervision.run import Run
from headwater_local.supervision.supervisor import Supervisor


def prepare(run: Run) -> None:
    """Put the login into a secret, as RDS does on AWS.

    Raises:
        SettingError: the address of the user's own database cannot be read.
    """
    url = urlsplit(run.postgres_url) if run.postgres_url else None
    if url is not None and not (url.scheme in {"postgresql", "postgres"} and url.hostname):
        raise SettingError(
            "The address of your database cannot be read: give one like "
            "postgresql://user:password@host:5432/database."
        )
    user, password = (url.username, url.password) if url else (USER, "")
    login = {"username": unquote(user or USER), "password": unquote(password or "")}
    keep_secret(run.ports.aws_url, names.COUNTS_SECRET, json.dumps(login))


def keep_secret(endpoint: str, name: str, text: str) -> None:
    """Set a secret on the stand-in, whether it is there or not."""
    secrets = aws_client.secrets(endpoint)
    try:
        secrets.create_secret(Name=name, SecretString=text)
    except secrets.exceptions.ResourceExistsException:
        secrets.put_secret_value(SecretId=name, SecretString=text)


def start(run: Run, supervisor: Supervisor) -> None:
    """Start the database, unless the user has one, then the function and its driver."""
    if run.postgres_url is None:
        server = part_commands.postgres(run)
        supervisor.start(server)
        socket = socket_folder(run.data_dir.postgres) / ".s.PGSQL.5432"
        supervisor.wait_until(socket.exists, server.part, READY_SECONDS)
    handler = "headwater_sinks.counts.function.handler"
    start_consumer(run, supervisor, "counts", handler, settings(run))


def settings(run: Run) -> dict[str, str]:
    """Return the settings that tell the function where the database is."""
    if run.postgres_url is None:
        where = (str(socket_folder(run.data_dir.postgres)), 5432, DATABASE)
    else:
        url = urlsplit(run.postgres_url)
        where = (url.hostname or "", url.port or 5432, url.path.lstrip("/") or DATABASE)
    host, port, database = where
    return {
        "POSTGRES_HOST": host,
        "POSTGRES_PORT": str(port),
        "POSTGRES_DATABASE": database,
        "POSTGRES_SECRET": names.COUNTS_SECRET,
        "POSTGRES_SSL_MODE": "prefer",
    }
