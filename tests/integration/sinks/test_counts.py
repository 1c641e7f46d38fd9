"""The counts on a real PostgreSQL, which is killed, restarted and locked in the middle."""

import contextlib
import importlib
import json
import random
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_local import aws_client
from headwater_local.sinks.counts import keep_secret
from headwater_local.sinks.postgres_server import DATABASE, USER
from headwater_sinks.counts import connection
from headwater_sinks.counts.connection import Database
from headwater_sinks.counts.counting import Counting
from headwater_sinks.counts.credentials import Credentials, Login, SecretError
from headwater_sinks.counts.settings import Settings
from integration.sinks.postgres import Postgres
from unit.writer.builders import SHARD, kinesis_event

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
MAX_AGE = timedelta(days=30)
SECRET = "login"  # noqa: S105 -- its name
TOTALS = "SELECT app_id, event_type, events FROM totals ORDER BY 1, 2"
ALL = "SELECT sum(events) FROM counts_by_minute"


def record(sequence: int, *types: str, shard: str = SHARD, at: datetime = NOON) -> ReceivedRecord:
    """Return a stream record with an event of each type."""
    envelope = Envelope(at, "shop")
    entries = [
        Entry(
            json.dumps({"userId": "u", "event": each}).encode(), "track", f"m-{sequence}-{number}"
        )
        for number, each in enumerate(types or ("Paid",))
    ]
    [data] = pack(envelope, entries)
    return ReceivedRecord(shard, str(sequence), data)


def records(first: int, last: int, shard: str = SHARD) -> Sequence[ReceivedRecord]:
    return [record(number, shard=shard) for number in range(first, last + 1)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("counts") / "postgres")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def postgres(server: Postgres) -> Postgres:
    """The server without any tables of ours."""
    server.execute("DROP SCHEMA IF EXISTS headwater CASCADE")
    return server


@pytest.fixture
def credentials(aws_endpoint: str) -> Credentials:
    set_secret(aws_endpoint, USER, "")
    return Credentials(aws_client.secrets(aws_endpoint), SECRET)


def set_secret(endpoint: str, user: str, password: str) -> None:
    keep_secret(endpoint, SECRET, json.dumps({"username": user, "password": password}))


Connect = Callable[[], Counting]


@pytest.fixture
def connect(postgres: Postgres, credentials: Credentials) -> Iterator[Connect]:
    """Return functions' processes, each with a connection of its own."""
    made: list[Database] = []

    def function() -> Counting:
        settings = Settings(postgres.socket, 5432, DATABASE, SECRET, "prefer", MAX_AGE)
        made.append(Database(settings, credentials))
        return Counting(made[-1], MAX_AGE)

    yield function
    for database in made:
        database.close()


def test_counts_by_minute_and_in_all(connect: Connect, postgres: Postgres) -> None:
    later = NOON + timedelta(minutes=3, seconds=5)

    connect().store([record(1, "Paid", "Left", "Paid"), record(2, "Paid", at=later)])

    assert postgres.query(TOTALS) == [("shop", "Left", 1), ("shop", "Paid", 3)]
    assert postgres.query(
        "SELECT minute AT TIME ZONE 'UTC', event_type, events FROM counts_by_minute ORDER BY 1, 2"
    ) == [
        (NOON.replace(tzinfo=None), "Left", 1),
        (NOON.replace(tzinfo=None), "Paid", 2),
        (NOON.replace(tzinfo=None, minute=3), "Paid", 1),
    ]


def test_a_repeated_batch_changes_nothing(connect: Connect, postgres: Postgres) -> None:
    function = connect()
    function.store(records(1, 5))

    assert function.store(records(1, 5)) == {"events": 0, "repeats": 5}
    assert connect().store(records(1, 7)) == {"events": 2, "repeats": 5}
    assert postgres.query(ALL) == [(7,)]


def test_the_later_half_of_a_bisected_batch_may_come_first(
    connect: Connect, postgres: Postgres
) -> None:
    function = connect()

    for half in (records(5, 8), records(1, 4), records(5, 8), records(3, 6)):
        function.store(half)

    assert postgres.query(ALL) == [(8,)]


Handler = Callable[[dict[str, Any], object], Mapping[str, Any]]


@pytest.fixture
def handler(
    postgres: Postgres, credentials: Credentials, aws_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Handler]:
    """What Lambda calls, with the environment that it has there."""
    environment = {
        **aws_client.environment(aws_endpoint),
        "POSTGRES_HOST": postgres.socket,
        "POSTGRES_DATABASE": DATABASE,
        "POSTGRES_SECRET": credentials.secret,
        "POSTGRES_SSL_MODE": "prefer",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    name = "headwater_sinks.counts.function"
    function = importlib.import_module(name)
    yield function.handler
    function._counting.database.close()
    del sys.modules[name]


DONE = {"batchItemFailures": list[dict[str, str]]()}


def test_a_batch_that_was_given_up_is_counted_once_when_it_is_repaired(
    handler: Handler, postgres: Postgres
) -> None:
    """The ranges have closed over its numbers long before an operator comes."""
    given_up = kinesis_event(records(11, 15))
    for first in (1, *range(21, 421, 10)):
        handler(kinesis_event(records(first, first + 9)), None)
    assert postgres.query(ALL) == [(410,)]
    handler(given_up, None)
    assert postgres.query(ALL) == [(410,)]

    for _ in range(2):
        assert handler({"late": True, **given_up}, None) == DONE

    assert postgres.query(ALL) == [(415,)]
    assert postgres.query(TOTALS) == [("shop", "Paid", 415)]


def test_a_batch_that_is_repaired_at_once_is_counted_once(
    handler: Handler, postgres: Postgres
) -> None:
    given_up = kinesis_event(records(11, 15))
    handler(kinesis_event(records(1, 10)), None)
    handler({"late": True, **given_up}, None)

    handler(given_up, None)
    for first in range(21, 421, 10):
        handler(kinesis_event(records(first, first + 9)), None)
    handler({"late": True, **given_up}, None)

    assert postgres.query(ALL) == [(415,)]


def test_a_batch_that_the_ranges_tell_to_be_counted_is_not_counted_late(
    handler: Handler, postgres: Postgres
) -> None:
    counted = kinesis_event(records(11, 20))
    for batch in (kinesis_event(records(1, 10)), counted):
        handler(batch, None)

    handler({"late": True, **counted}, None)

    assert postgres.query(ALL) == [(20,)]


def test_shards_do_not_know_each_other(connect: Connect, postgres: Postgres) -> None:
    function = connect()

    for shard in ("clicks/one", "clicks/two"):
        function.store(records(1, 3, shard))

    assert postgres.query(ALL) == [(6,)]


def test_names_that_postgresql_cannot_hold_are_counted(
    connect: Connect, postgres: Postgres
) -> None:
    connect().store([record(1, "nul\0", "x" * 20_000, "'; DROP TABLE totals; --", "\U0001f600")])

    names = [str(name) for _, name, _ in postgres.query(TOTALS)]
    assert len(names) == 4
    assert "nul\\u0000" in names


def test_a_record_of_anything_else_passes(connect: Connect, postgres: Postgres) -> None:
    poisoned = ReceivedRecord(SHARD, "2", b"not ours")

    connect().store([record(1), poisoned, record(3)])

    assert postgres.query(ALL) == [(2,)]
    assert postgres.query("SELECT ranges FROM counted") == [("1-3",)]


def test_a_kept_connection_that_died_is_replaced(connect: Connect, postgres: Postgres) -> None:
    function = connect()
    function.store(records(1, 2))
    postgres.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'headwater-counts'"
    )

    function.store(records(3, 4))

    assert postgres.query(ALL) == [(4,)]


@pytest.mark.parametrize("dies", ["in the transaction", "with the answer to the commit"])
def test_counts_once_though_the_server_dies_in_the_middle_of_a_batch(
    connect: Connect, postgres: Postgres, dies: str
) -> None:
    function = connect()
    function.store(records(1, 2))
    database, count = function.database, function._count

    def interrupted(connection: "psycopg.Connection", batch: Sequence[ReceivedRecord]) -> Any:  # noqa: ANN401
        counts = count(connection, batch)
        if dies != "in the transaction":
            connection.execute("COMMIT")
        postgres.kill()
        return counts

    with pytest.raises(psycopg.OperationalError):
        database.transact(lambda connection: interrupted(connection, records(3, 6)))
    with pytest.raises(psycopg.OperationalError):
        function.store(records(3, 6))
    postgres.start()
    function.store(records(3, 6))

    assert postgres.query(ALL) == [(6,)]
    assert postgres.query(TOTALS) == [("shop", "Paid", 6)]


def test_waits_for_no_host_that_vanished(connect: Connect) -> None:
    """In milliseconds; libpq takes it for a socket, and makes no use of it."""
    function = connect()

    parameters = function.database.transact(lambda made: made.info.get_parameters())

    assert parameters["tcp_user_timeout"] == "20000"


def test_functions_of_many_shards_make_the_tables_once_and_count_all(
    connect: Connect, postgres: Postgres
) -> None:
    """They start at once, on an empty database, and update the same rows in any order."""
    functions = [connect() for _ in range(8)]
    ready = threading.Barrier(len(functions))

    def run(number: int) -> None:
        choose = random.Random(number)  # noqa: S311 -- of event types
        ready.wait(30)
        for first in range(0, 200, 20):
            types = [choose.choice(("Paid", "Left", "Seen", "Sent")) for _ in range(12)]
            batch = [
                record(each, *types, shard=f"clicks/{number}") for each in range(first, first + 20)
            ]
            functions[number].store(batch)
            functions[number].store(batch)

    with ThreadPoolExecutor(len(functions)) as threads:
        list(threads.map(run, range(len(functions))))

    assert postgres.query(ALL) == [(8 * 200 * 12,)]
    assert postgres.query("SELECT sum(events) FROM totals") == [(8 * 200 * 12,)]


@pytest.fixture
def user(postgres: Postgres) -> Iterator[str]:
    """A user who must give a password, as on RDS."""
    [(hba,)] = postgres.query("SHOW hba_file")
    postgres.execute("CREATE ROLE counter LOGIN PASSWORD 'first'")
    postgres.execute(f"GRANT CREATE ON DATABASE {DATABASE} TO counter")
    file = Path(str(hba))
    before = file.read_text()
    file.write_text(f"local all counter scram-sha-256\n{before}")
    postgres.execute("SELECT pg_reload_conf()")
    yield "counter"
    file.write_text(before)
    postgres.execute("SELECT pg_reload_conf()")
    postgres.execute("DROP OWNED BY counter CASCADE")
    postgres.execute("DROP ROLE counter")


def test_reads_the_secret_again_when_the_password_was_rotated(
    connect: Connect, postgres: Postgres, aws_endpoint: str, credentials: Credentials, user: str
) -> None:
    set_secret(aws_endpoint, user, "first")
    function = connect()
    function.store(records(1, 2))

    postgres.execute(f"ALTER ROLE {user} PASSWORD 'second'")
    set_secret(aws_endpoint, user, "second")
    function.database.close()
    function.store(records(3, 4))

    assert postgres.query(ALL) == [(4,)]
    assert credentials.login() == Login(user, "second")


def test_fails_with_a_password_that_the_secret_has_wrong(
    connect: Connect, aws_endpoint: str, user: str
) -> None:
    set_secret(aws_endpoint, user, "wrong")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect().store(records(1, 2))


def test_refuses_a_secret_of_another_shape(connect: Connect, aws_endpoint: str) -> None:
    keep_secret(aws_endpoint, SECRET, '{"user": "postgres"}')

    with pytest.raises(SecretError, match="does not hold a username and a password"):
        connect().store(records(1, 2))


def test_shows_no_password(credentials: Credentials, aws_endpoint: str) -> None:
    set_secret(aws_endpoint, "counter", "hush")

    assert "hush" not in repr(credentials.read()) + repr(credentials)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that has signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    no_password = NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, no_password)
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def port(certificate: tuple[Path, Path]) -> Iterator[int]:
    """The port of a server that goes over to TLS as PostgreSQL's protocol has it, and hangs up."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve_tls, args=(listener, context), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(30)


def serve_tls(listener: socket.socket, context: ssl.SSLContext) -> None:
    with contextlib.suppress(OSError):
        while True:
            with listener.accept()[0] as plain:
                plain.recv(8)  # SSLRequest ("Message Formats", PostgreSQL documentation).
                plain.sendall(b"S")
                with contextlib.suppress(ssl.SSLError, ConnectionError):
                    context.wrap_socket(plain, server_side=True).close()


def refusal(port: int, credentials: Credentials, host: str) -> str:
    settings = Settings(host, port, DATABASE, SECRET, "verify-full", MAX_AGE)
    with pytest.raises(psycopg.OperationalError) as refused:
        Database(settings, credentials).transact(lambda connection: connection.execute("SELECT 1"))
    return str(refused.value)


def test_refuses_a_database_that_amazon_did_not_vouch_for(
    port: int, credentials: Credentials
) -> None:
    assert "certificate verify failed" in refusal(port, credentials, "localhost")


def test_talks_only_to_the_host_that_the_certificate_is_for(
    port: int,
    credentials: Credentials,
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "BUNDLE", certificate[0])

    assert "certificate" not in refusal(port, credentials, "localhost")
    assert "does not match host name" in refusal(port, credentials, "127.0.0.1")
